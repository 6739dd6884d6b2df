//! PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy; and the policy of a new table. Policies are kept, not enforced.

use std::sync::Arc;

use super::lineage;
use super::policy_document::canonical;
use super::resource_arn::ResourceArn;
use crate::api::message::settings as text;
use crate::api::message::table as table_text;
use crate::api::{
    DeleteResourcePolicyInput, DeleteResourcePolicyOutput, Error, ErrorCode, GetResourcePolicyInput,
    GetResourcePolicyOutput, PutResourcePolicyInput, PutResourcePolicyOutput, Result, TableStatus, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::table::{Features, Policy, Table};

/// What stands for the revision of a policy that is not there.
const NO_POLICY: &str = "NO_POLICY";

/// PutResourcePolicy.
pub(crate) fn put(
    call: &Call<'_>,
    input: &Valid<'_, PutResourcePolicyInput>,
) -> Result<PutResourcePolicyOutput> {
    let document = canonical(input.policy)?;
    let named = Named::find(call, input.resource_arn)?;
    named.refuse_while_deleted(call)?;
    let mut state = named.table.state.write();
    let current = named.policy(&state.features);
    if let Some(expected) = input.expected_revision_id.as_deref() {
        named.require_revision(current, expected)?;
    }
    if let Some(same) = current.filter(|current| current.text == document) {
        return Ok(PutResourcePolicyOutput { revision_id: Some(same.revision.to_string()) });
    }
    let policy = Policy::new(document, call.now(), current);
    let revision_id = Some(policy.revision.to_string());
    let mut next = state.clone();
    named.set(&mut next.features, Some(policy));
    lineage::change(call, &named.table, &mut state, next)?;
    Ok(PutResourcePolicyOutput { revision_id })
}

/// GetResourcePolicy.
pub(crate) fn get(
    call: &Call<'_>,
    input: &Valid<'_, GetResourcePolicyInput>,
) -> Result<GetResourcePolicyOutput> {
    let named = Named::find(call, input.resource_arn)?;
    let state = named.table.state.read();
    let policy = named.policy(&state.features).ok_or_else(|| named.not_found())?;
    Ok(GetResourcePolicyOutput {
        policy: Some(policy.text.clone()),
        revision_id: Some(policy.revision.to_string()),
    })
}

/// DeleteResourcePolicy.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, DeleteResourcePolicyInput>,
) -> Result<DeleteResourcePolicyOutput> {
    let named = Named::find(call, input.resource_arn)?;
    named.refuse_while_deleted(call)?;
    let mut state = named.table.state.write();
    let current = named.policy(&state.features);
    if let Some(expected) = input.expected_revision_id.as_deref() {
        named.require_revision(current, expected)?;
    }
    let Some(current) = current else { return Ok(DeleteResourcePolicyOutput::default()) };
    let revision_id = Some(current.revision.to_string());
    let mut next = state.clone();
    named.set(&mut next.features, None);
    lineage::change(call, &named.table, &mut state, next)?;
    Ok(DeleteResourcePolicyOutput { revision_id })
}

/// The policy of a new table.
///
/// # Errors
/// `ValidationException`.
pub(super) fn of_new_table(given: Option<&String>, now: Millis) -> Result<Option<Policy>> {
    given.map(|given| Ok(Policy::new(canonical(given)?, now, None))).transpose()
}

/// The resource that a request names, and its table.
struct Named<'a> {
    arn: &'a str,
    table: Arc<Table>,
    /// Label of the stream, where it is one.
    stream: Option<&'a str>,
}

impl<'a> Named<'a> {
    fn find(call: &Call<'_>, arn: &'a str) -> Result<Named<'a>> {
        let named = ResourceArn::parse(arn)?;
        let place = call.catalog.place;
        if !named.is_of_account(place) {
            return Err(Error::validation(text::policy_of_another_account()));
        }
        if !named.is_of_region(place) {
            return Err(Error::validation(text::policy_elsewhere(arn)));
        }
        let now = call.now();
        let table = call.catalog.for_control(named.table, now)?;
        if let Some(label) = named.stream
            && call.catalog.stream(arn, now).is_err()
        {
            let message = text::stream_of_table_not_found(label, named.table);
            return Err(Error::new(ErrorCode::ResourceNotFound, message));
        }
        Ok(Named { arn, table, stream: named.stream })
    }

    fn policy<'f>(&self, features: &'f Features) -> Option<&'f Policy> {
        match self.stream {
            Some(label) => features.stream_policies.get(label),
            None => features.policy.as_ref(),
        }
    }

    fn set(&self, features: &mut Features, policy: Option<Policy>) {
        match (self.stream, policy) {
            (None, policy) => features.policy = policy,
            (Some(label), Some(policy)) => drop(features.stream_policies.insert(label.to_owned(), policy)),
            (Some(label), None) => drop(features.stream_policies.remove(label)),
        }
    }

    fn not_found(&self) -> Error {
        Error::new(ErrorCode::PolicyNotFound, text::policy_not_found(self.arn))
    }

    fn require_revision(&self, current: Option<&Policy>, expected: &str) -> Result<()> {
        let message = match current {
            None if expected == NO_POLICY => return Ok(()),
            None => return Err(self.not_found()),
            Some(current) if current.revision.to_string() == expected => return Ok(()),
            Some(current) if expected == NO_POLICY => {
                text::policy_unexpected(&self.table.name, current.revision)
            }
            Some(current) => text::policy_of_another_revision(expected, &self.table.name, current.revision),
        };
        Err(Error::new(ErrorCode::PolicyNotFound, message))
    }

    fn refuse_while_deleted(&self, call: &Call<'_>) -> Result<()> {
        if self.table.status(call.now()) == TableStatus::Deleting {
            return Err(Error::new(ErrorCode::ResourceInUse, table_text::being_deleted(&self.table.name)));
        }
        Ok(())
    }
}
