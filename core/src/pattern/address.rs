//! Addresses of the internet in texts, and networks of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest text of an address of version 4, leading zeros included.
const V4_MAX_BYTES: usize = 15;

/// The address that a text is, if it is one. Numbers of version 4 may have leading zeros, and are decimal all the same.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        let address: Ipv6Addr = text.parse().ok()?;
        // A text with dots and colons is taken for no address, as the service does.
        return (!text.contains('.'))
            .then(|| address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4));
    }
    if text.len() > V4_MAX_BYTES || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut numbers = text.split('.').map(|number| {
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| number.parse::<u8>().ok()).flatten()
    });
    let mut next = || numbers.next().flatten();
    let octets = [next()?, next()?, next()?, next()?];
    numbers.next().is_none().then(|| Ipv4Addr::from(octets).into())
}

/// A network: all addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    V4 { first: u32, last: u32 },
    V6 { first: u128, last: u128 },
}

impl Network {
    /// Reads `address/bits`.
    pub(super) fn read(text: &str) -> Result<Network, &'static str> {
        let (text, bits) = text.split_once('/').ok_or("a network is an address, `/` and a number of bits")?;
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = digits.then(|| bits.parse::<u32>().ok()).flatten();
        let bits = bits.ok_or("the bits of a network are a number")?;
        match address(text).ok_or("a network begins with an address")? {
            IpAddr::V4(_) if bits >= 32 => Err("a network of version 4 has fewer than 32 bits"),
            IpAddr::V6(_) if bits >= 128 => Err("a network of version 6 has fewer than 128 bits"),
            IpAddr::V4(address) => {
                let (own, rest) = (u32::from(address), u32::MAX >> bits);
                Ok(Network::V4 { first: own & !rest, last: own | rest })
            }
            IpAddr::V6(address) => {
                let (own, rest) = (u128::from(address), u128::MAX >> bits);
                Ok(Network::V6 { first: own & !rest, last: own | rest })
            }
        }
    }

    /// Whether an address lies in it.
    pub(super) fn has(self, address: IpAddr) -> bool {
        match (self, address) {
            (Network::V4 { first, last }, IpAddr::V4(address)) => {
                (first..=last).contains(&u32::from(address))
            }
            (Network::V6 { first, last }, IpAddr::V6(address)) => {
                (first..=last).contains(&u128::from(address))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, address};

    #[test]
    fn addresses_are_the_same_in_any_spelling() {
        assert_eq!(address("10.0.3.7"), address("10.0.3.07"));
        assert_eq!(address("::1"), address("0:0:0:0:0:0:0:1"));
        for text in [
            "10.0.3",
            "10.0.3.7.1",
            "10.0.3.256",
            "10.0.3.+7",
            "1.2.3.4 ",
            "::1.2.3.4",
            "a",
            "",
            "000000000010.0.3.7",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn networks_have_what_begins_with_their_bits() {
        let has = |network: &str, text: &str| {
            Network::read(network).expect("a network").has(address(text).expect("an address"))
        };
        assert!(has("10.0.3.9/16", "10.0.0.0") && has("10.0.3.9/16", "10.0.255.255"));
        assert!(!has("10.0.3.9/16", "10.1.0.0") && !has("10.0.0.0/8", "::a"));
        assert!(has("2001:db8::/32", "2001:db8:ffff::1") && !has("2001:db8::/32", "2001:db9::"));
        assert!(has("0.0.0.0/0", "255.255.255.255"));
        for text in ["10.0.0.0", "10.0.0.0/32", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "x/8", "::/128"] {
            assert!(Network::read(text).is_err(), "{text}");
        }
    }
}
