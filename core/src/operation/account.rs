//! DescribeLimits, DescribeEndpoints.

use crate::api::{
    DescribeEndpointsRequest, DescribeEndpointsResponse, DescribeLimitsInput, DescribeLimitsOutput, Endpoint,
    Result,
};
use crate::engine::Call;
use crate::limits::{ACCOUNT_MAX_UNITS, ENDPOINT_CACHE, TABLE_MAX_UNITS};

/// DescribeLimits.
pub(crate) fn limits(_call: &Call<'_>, _input: &DescribeLimitsInput) -> Result<DescribeLimitsOutput> {
    Ok(DescribeLimitsOutput {
        account_max_read_capacity_units: Some(ACCOUNT_MAX_UNITS),
        account_max_write_capacity_units: Some(ACCOUNT_MAX_UNITS),
        table_max_read_capacity_units: Some(TABLE_MAX_UNITS),
        table_max_write_capacity_units: Some(TABLE_MAX_UNITS),
    })
}

/// DescribeEndpoints.
pub(crate) fn endpoints(
    call: &Call<'_>,
    _input: &DescribeEndpointsRequest,
) -> Result<DescribeEndpointsResponse> {
    let minutes = ENDPOINT_CACHE.as_secs() / 60;
    let endpoint = Endpoint {
        address: Some(format!("dynamodb.{}.amazonaws.com", call.catalog.place.region)),
        cache_period_in_minutes: i64::try_from(minutes).ok(),
    };
    Ok(DescribeEndpointsResponse { endpoints: Some(vec![endpoint]) })
}
