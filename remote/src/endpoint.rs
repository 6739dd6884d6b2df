//! Endpoints of Amazon DynamoDB and its streams: their names in all partitions (botocore 1.43.117: `partitions.json`, and the endpoint rule sets of
//! `dynamodb` and `dynamodbstreams`). A test holds them against botocore's own resolver, in all regions.

/// A group of regions that have names of their own.
struct Partition {
    /// What the names of its regions begin with.
    prefix: &'static str,
    kind: Kind,
    suffix: &'static str,
    /// The suffix of names that have addresses of IPv6, too.
    dual_stack_suffix: &'static str,
}

/// How the endpoints of a partition are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Commercial,
    China,
    Government,
    /// One that came later.
    Other,
}

const COMMERCIAL: Partition =
    Partition { prefix: "", kind: Kind::Commercial, suffix: "amazonaws.com", dual_stack_suffix: "api.aws" };

/// Every partition but that of all other regions.
static PARTITIONS: [Partition; 7] = [
    Partition {
        prefix: "cn-",
        kind: Kind::China,
        suffix: "amazonaws.com.cn",
        dual_stack_suffix: "api.amazonwebservices.com.cn",
    },
    Partition {
        prefix: "us-gov-",
        kind: Kind::Government,
        suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
    },
    Partition {
        prefix: "eusc-",
        kind: Kind::Other,
        suffix: "amazonaws.eu",
        dual_stack_suffix: "api.amazonwebservices.eu",
    },
    Partition {
        prefix: "us-iso-",
        kind: Kind::Other,
        suffix: "c2s.ic.gov",
        dual_stack_suffix: "api.aws.ic.gov",
    },
    Partition {
        prefix: "us-isob-",
        kind: Kind::Other,
        suffix: "sc2s.sgov.gov",
        dual_stack_suffix: "api.aws.scloud",
    },
    Partition {
        prefix: "eu-isoe-",
        kind: Kind::Other,
        suffix: "cloud.adc-e.uk",
        dual_stack_suffix: "api.cloud-aws.adc-e.uk",
    },
    Partition {
        prefix: "us-isof-",
        kind: Kind::Other,
        suffix: "csp.hci.ic.gov",
        dual_stack_suffix: "api.aws.hci.ic.gov",
    },
];

/// The regions besides the commercial ones that have endpoints of accounts.
const WITH_ACCOUNTS: [&str; 4] = ["cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"];

/// The region that stands for a program on this machine, as SDKs have it.
const LOCAL: &str = "local";
const LOCAL_URL: &str = "http://localhost:8000";
/// What requests to it are signed for.
const LOCAL_SIGNED: &str = "us-east-1";

/// Which endpoint of a region.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// The region's name.
    pub region: &'a str,
    /// With cryptography by FIPS 140.
    pub fips: bool,
    /// With IPv4 and IPv6.
    pub dual_stack: bool,
    /// An account's own, where there are such.
    pub account: Option<&'a str>,
}

impl Choice<'_> {
    fn partition(&self) -> &'static Partition {
        PARTITIONS.iter().find(|known| self.region.starts_with(known.prefix)).unwrap_or(&COMMERCIAL)
    }

    /// Whether the region has endpoints of accounts.
    fn has_accounts(&self) -> bool {
        self.partition().kind == Kind::Commercial || WITH_ACCOUNTS.contains(&self.region)
    }

    /// The region that requests are signed for.
    pub fn signed_region(&self) -> &str {
        if self.region == LOCAL { LOCAL_SIGNED } else { self.region }
    }

    /// Where the operations on tables are, as scheme and host.
    pub fn tables(&self) -> String {
        let Choice { region, fips, dual_stack, account } = *self;
        let Partition { kind, suffix, dual_stack_suffix, .. } = self.partition();
        match (fips, dual_stack, account) {
            _ if region == LOCAL => LOCAL_URL.to_owned(),
            (true, true, _) => format!("https://dynamodb-fips.{region}.{dual_stack_suffix}"),
            (true, false, _) if *kind == Kind::Government => format!("https://dynamodb.{region}.{suffix}"),
            (true, false, _) => format!("https://dynamodb-fips.{region}.{suffix}"),
            (false, true, Some(account)) if self.has_accounts() => {
                format!("https://{account}.ddb.{region}.{dual_stack_suffix}")
            }
            (false, false, Some(account)) if self.has_accounts() => {
                format!("https://{account}.ddb.{region}.{suffix}")
            }
            (false, true, _) => format!("https://dynamodb.{region}.{dual_stack_suffix}"),
            (false, false, _) => format!("https://dynamodb.{region}.{suffix}"),
        }
    }

    /// Where the operations on streams are, as scheme and host.
    pub fn streams(&self) -> String {
        let Choice { region, fips, dual_stack, .. } = *self;
        let Partition { kind, suffix, dual_stack_suffix, .. } = self.partition();
        // Names with two stacks are written in one part, but in the partitions that came later.
        let joint = if *kind == Kind::Other { '.' } else { '-' };
        match (fips, dual_stack) {
            _ if region == LOCAL => LOCAL_URL.to_owned(),
            (true, true) => format!("https://streams{joint}dynamodb-fips.{region}.{dual_stack_suffix}"),
            (false, true) => format!("https://streams{joint}dynamodb.{region}.{dual_stack_suffix}"),
            (true, false) if *kind == Kind::Government => {
                format!("https://streams.dynamodb.{region}.{suffix}")
            }
            (true, false) => format!("https://streams.dynamodb-fips.{region}.{suffix}"),
            (false, false) => format!("https://streams.dynamodb.{region}.{suffix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(region: &str) -> Choice<'_> {
        Choice { region, fips: false, dual_stack: false, account: None }
    }

    #[test]
    fn regions_have_the_names_of_their_partition() {
        assert_eq!(of("eu-west-1").tables(), "https://dynamodb.eu-west-1.amazonaws.com");
        assert_eq!(of("eu-west-1").streams(), "https://streams.dynamodb.eu-west-1.amazonaws.com");
        assert_eq!(of("cn-north-1").tables(), "https://dynamodb.cn-north-1.amazonaws.com.cn");
        let account = Choice { account: Some("123456789012"), ..of("eu-west-1") };
        assert_eq!(account.tables(), "https://123456789012.ddb.eu-west-1.amazonaws.com");
        assert_eq!(account.streams(), of("eu-west-1").streams());
        assert_eq!(of("local").tables(), "http://localhost:8000");
        assert_eq!(
            (of("local").signed_region(), of("cn-north-1").signed_region()),
            ("us-east-1", "cn-north-1")
        );
    }
}
