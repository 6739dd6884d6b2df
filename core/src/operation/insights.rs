//! UpdateContributorInsights, DescribeContributorInsights, ListContributorInsights. The setting is kept; nothing is looked at.

use std::sync::Arc;

use super::lineage;
use crate::api::message::settings as text;
use crate::api::shape::Named;
use crate::api::{
    ContributorInsightsAction, ContributorInsightsMode, ContributorInsightsStatus,
    ContributorInsightsSummary, DescribeContributorInsightsInput, DescribeContributorInsightsOutput, Error,
    ErrorCode, IndexStatus, ListContributorInsightsInput, ListContributorInsightsOutput, Open, Result,
    TableStatus, Timestamp, UpdateContributorInsightsInput, UpdateContributorInsightsOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::CONTRIBUTOR_INSIGHTS_PAGE_MAX;
use crate::table::{IndexKind, IndexState, Insights, State, Table};

/// UpdateContributorInsights.
pub(crate) fn update(
    call: &Call<'_>,
    input: &Valid<'_, UpdateContributorInsightsInput>,
) -> Result<UpdateContributorInsightsOutput> {
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    let status = table.status(now);
    if matches!(status, TableStatus::Creating | TableStatus::Deleting) {
        return Err(Error::validation(text::insights_while_not_active()));
    }
    let mut state = table.state.write();
    let index = target(&table, &state, input.index_name.as_deref(), now)?;
    let is_made = |index: &IndexState| index.status(now).0 == IndexStatus::Creating;
    if global_index(&state, index, now).is_some_and(is_made) {
        return Err(Error::validation(text::insights_while_index_not_active()));
    }
    let enabled = input.contributor_insights_action == ContributorInsightsAction::Enable;
    let asked = input.contributor_insights_mode.as_ref().and_then(Open::known);
    let current = state.features.insights.get(index);
    let mode = match current {
        // Turning them off leaves the mode as it is; turning them on without one means the whole.
        Some(current) if !enabled => current.mode.0,
        _ => asked.unwrap_or(ContributorInsightsMode::AccessedAndThrottledKeys),
    };
    let changes = match current {
        Some(current) => current.enabled != enabled || current.mode.0 != mode,
        None => enabled,
    };
    let answer = |status: ContributorInsightsStatus, mode: Option<ContributorInsightsMode>| {
        UpdateContributorInsightsOutput {
            table_name: Some(table.name.clone()),
            index_name: input.index_name.clone(),
            contributor_insights_status: Some(status.into()),
            contributor_insights_mode: mode.map(Into::into),
        }
    };
    if !changes {
        return Ok(answer(status_of(call, current, now), current.map(|current| current.mode.0)));
    }
    let insights = Insights { enabled, mode: Named(mode), changed_at: now };
    let mut next = state.clone();
    next.features.insights.insert(index.to_owned(), insights);
    lineage::change(call, &table, &mut state, next)?;
    Ok(answer(transition(enabled), Some(mode)))
}

/// The name under which insights of a table or of one of its global indexes are kept.
fn target<'a>(table: &Table, state: &State, index: Option<&'a str>, now: Millis) -> Result<&'a str> {
    let Some(index) = index else { return Ok("") };
    if global_index(state, index, now).is_none() {
        let message = text::index_of_table_not_found(index, &table.name);
        return Err(Error::new(ErrorCode::ResourceNotFound, message));
    }
    Ok(index)
}

fn global_index<'s>(state: &'s State, name: &str, now: Millis) -> Option<&'s IndexState> {
    let mut indexes = state.indexes_at(now);
    indexes.find(|state| state.index.kind == IndexKind::Global && state.index.name == name)
}

fn transition(enabled: bool) -> ContributorInsightsStatus {
    if enabled { ContributorInsightsStatus::Enabling } else { ContributorInsightsStatus::Disabling }
}

fn status_of(call: &Call<'_>, insights: Option<&Insights>, now: Millis) -> ContributorInsightsStatus {
    match insights {
        None => ContributorInsightsStatus::Disabled,
        Some(insights) if now < insights.changed_at + call.choices.control_plane_delay => {
            transition(insights.enabled)
        }
        Some(insights) if insights.enabled => ContributorInsightsStatus::Enabled,
        Some(_) => ContributorInsightsStatus::Disabled,
    }
}

/// DescribeContributorInsights.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeContributorInsightsInput>,
) -> Result<DescribeContributorInsightsOutput> {
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    let state = table.state.read();
    let index = target(&table, &state, input.index_name.as_deref(), now)?;
    let has_sort_key = match global_index(&state, index, now) {
        Some(state) => !state.index.key.sort.is_empty(),
        None => table.schema.range.is_some(),
    };
    let insights = state.features.insights.get(index);
    let status = status_of(call, insights, now);
    let enabled = insights.filter(|insights| insights.enabled);
    let rules = enabled.map(|insights| rules(&table.name, index, has_sort_key, insights));
    Ok(DescribeContributorInsightsOutput {
        table_name: Some(table.name.clone()),
        index_name: input.index_name.clone(),
        contributor_insights_rule_list: rules,
        contributor_insights_status: Some(status.into()),
        last_update_date_time: insights.map(|insights| Timestamp::from_millis(insights.changed_at)),
        failure_exception: None,
        contributor_insights_mode: insights.map(|insights| insights.mode.0.into()),
    })
}

/// As the service names the rules of the partition key and of the whole key, for use (`C`) and throttling (`T`).
fn rules(table: &str, index: &str, has_sort_key: bool, insights: &Insights) -> Vec<String> {
    let target = if index.is_empty() { table.to_owned() } else { format!("{table}-{index}") };
    let keys = if has_sort_key { &["PK", "SK"][..] } else { &["PK"] };
    let kinds = match insights.mode.0 {
        ContributorInsightsMode::AccessedAndThrottledKeys => &["C", "T"][..],
        ContributorInsightsMode::ThrottledKeys => &["T"],
    };
    let name = |kind: &&str, key: &&str| {
        format!("DynamoDBContributorInsights-{key}{kind}-{target}-{}", insights.changed_at)
    };
    kinds.iter().flat_map(|kind| keys.iter().map(move |key| name(kind, key))).collect()
}

/// ListContributorInsights.
pub(crate) fn list(
    call: &Call<'_>,
    input: &ListContributorInsightsInput,
) -> Result<ListContributorInsightsOutput> {
    let now = call.now();
    let tables: Vec<Arc<Table>> = match &input.table_name {
        Some(given) => vec![call.catalog.for_control(given, now)?],
        None => call.catalog.tables().into_iter().filter(|table| !table.is_gone(now)).collect(),
    };
    let most = input.max_results.map_or(CONTRIBUTOR_INSIGHTS_PAGE_MAX, i64::from) as usize;
    let after = input.next_token.as_deref().and_then(|token| token.split_once('/'));
    let mut summaries = Vec::new();
    for table in tables {
        for (index, insights) in &table.state.read().features.insights {
            let status = status_of(call, Some(insights), now);
            let is_after = after.is_none_or(|after| (table.name.as_str(), index.as_str()) > after);
            if status != ContributorInsightsStatus::Disabled && is_after {
                summaries.push(summary(&table, index, insights, status));
            }
        }
    }
    let more = summaries.len() > most;
    summaries.truncate(most);
    let next_token = summaries.last().filter(|_| more).map(token);
    Ok(ListContributorInsightsOutput { contributor_insights_summaries: Some(summaries), next_token })
}

fn summary(
    table: &Table,
    index: &str,
    insights: &Insights,
    status: ContributorInsightsStatus,
) -> ContributorInsightsSummary {
    ContributorInsightsSummary {
        table_name: Some(table.name.clone()),
        index_name: Some(index.to_owned()).filter(|index| !index.is_empty()),
        contributor_insights_status: Some(status.into()),
        contributor_insights_mode: Some(insights.mode.0.into()),
    }
}

/// No name has a slash.
fn token(last: &ContributorInsightsSummary) -> String {
    let part = |name: &Option<String>| name.as_deref().unwrap_or("").to_owned();
    format!("{}/{}", part(&last.table_name), part(&last.index_name))
}
