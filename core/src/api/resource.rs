//! Shapes of what belongs to a resource by its ARN: tags and policies; and of what belongs to the account.

use super::shape::shape;

shape! {
    /// A label on a table.
    pub struct Tag {
        /// Its name: 1 to 128 letters, digits, spaces and `+ - = . _ : / @`, not beginning with `aws:`.
        key: String = "Key",
        /// Its value: up to 256 of the same.
        value: String = "Value",
    }

    /// Labels a table. Tags of the same name are replaced.
    ///
    /// Errors: `ValidationException`, also for more than 50 tags, `ResourceNotFoundException`, `AccessDeniedException` for another account's
    /// table, `ResourceInUseException` while the table is deleted.
    pub struct TagResourceInput {
        /// ARN of the table.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
        /// The labels, at least one.
        tags: Vec<Tag> = "Tags" [REQUIRED],
    }

    /// Answer of TagResource.
    pub struct TagResourceOutput {
    }

    /// Takes labels from a table. Names that it does not have are left out.
    ///
    /// Errors: as TagResource.
    pub struct UntagResourceInput {
        /// ARN of the table.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
        /// Names of the labels, at least one.
        tag_keys: Vec<String> = "TagKeys" [REQUIRED],
    }

    /// Answer of UntagResource.
    pub struct UntagResourceOutput {
    }

    /// Lists the labels of a table.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `AccessDeniedException` for another account's table.
    pub struct ListTagsOfResourceInput {
        /// ARN of the table.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
        /// Not looked at: all labels are on one page.
        next_token: String = "NextToken",
    }

    /// Answer of ListTagsOfResource.
    pub struct ListTagsOfResourceOutput {
        /// The labels, in order of their names.
        tags: Vec<Tag> = "Tags",
        /// Never there: all labels are on one page.
        next_token: String = "NextToken",
    }

    /// Keeps a policy for a table or stream. It is kept and answered, not enforced.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
    pub struct PutResourcePolicyInput {
        /// ARN of the table or stream.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
        /// The policy, JSON text of at most 20,480 bytes.
        policy: String = "Policy" [REQUIRED],
        /// The revision that is to be replaced; `NO_POLICY` where there is to be none.
        expected_revision_id: String = "ExpectedRevisionId" [length(1, REVISION_ID_MAX_CHARS)],
        /// Accepted for compatibility: nobody can lock themselves out here.
        confirm_remove_self_resource_access: bool = "ConfirmRemoveSelfResourceAccess",
    }

    /// Answer of PutResourcePolicy.
    pub struct PutResourcePolicyOutput {
        /// The revision that is there now.
        revision_id: String = "RevisionId",
    }

    /// The policy of a table or stream.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when there is none.
    pub struct GetResourcePolicyInput {
        /// ARN of the table or stream.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
    }

    /// Answer of GetResourcePolicy.
    pub struct GetResourcePolicyOutput {
        /// The policy, without spaces and in a fixed order.
        policy: String = "Policy",
        /// Its revision.
        revision_id: String = "RevisionId",
    }

    /// Forgets the policy of a table or stream. Without one, nothing is wrong.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
    pub struct DeleteResourcePolicyInput {
        /// ARN of the table or stream.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, RESOURCE_ARN_MAX_CHARS)],
        /// The revision that is to go.
        expected_revision_id: String = "ExpectedRevisionId" [length(1, REVISION_ID_MAX_CHARS)],
    }

    /// Answer of DeleteResourcePolicy.
    pub struct DeleteResourcePolicyOutput {
        /// The revision that went; absent when there was none.
        revision_id: String = "RevisionId",
    }

    /// Tells the quotas of the account: those that the service gives a new one. They are not enforced.
    pub struct DescribeLimitsInput {
    }

    /// Answer of DescribeLimits.
    pub struct DescribeLimitsOutput {
        /// Reads a second of all tables.
        account_max_read_capacity_units: i64 = "AccountMaxReadCapacityUnits",
        /// Writes a second of all tables.
        account_max_write_capacity_units: i64 = "AccountMaxWriteCapacityUnits",
        /// Reads a second of one table.
        table_max_read_capacity_units: i64 = "TableMaxReadCapacityUnits",
        /// Writes a second of one table.
        table_max_write_capacity_units: i64 = "TableMaxWriteCapacityUnits",
    }

    /// Where the service can be reached.
    pub struct Endpoint {
        /// A host name.
        address: String = "Address",
        /// How long that holds, in minutes.
        cache_period_in_minutes: i64 = "CachePeriodInMinutes",
    }

    /// Tells where the service of the database's region can be reached.
    pub struct DescribeEndpointsRequest {
    }

    /// Answer of DescribeEndpoints.
    pub struct DescribeEndpointsResponse {
        /// The service's own address in the region.
        endpoints: Vec<Endpoint> = "Endpoints",
    }
}
