//! RegisterFunction, DeregisterFunction, ListRegisteredFunctions, GetFunctionConfiguration.

use std::collections::BTreeMap;

use super::{commit, invalid, lock};
use crate::api::message::mapping as text;
use crate::api::{
    DeregisterFunctionInput, DeregisterFunctionOutput, Error, ErrorCode, FunctionReference,
    LambdaFunctionConfiguration, LambdaGetFunctionConfigurationInput, ListRegisteredFunctionsInput,
    ListRegisteredFunctionsOutput, RegisterFunctionInput, RegisterFunctionOutput, RegisteredFunction, Result,
    Valid, is_qualifier,
};
use crate::engine::Call;
use crate::limits::LAMBDA_MAPPINGS_MAX;
use crate::mapping::Function;

/// The time-out and the memory of a function of which nothing is said, as of one that Lambda makes.
const USUAL_TIMEOUT: i32 = 3;
const USUAL_MEMORY: i32 = 128;

/// RegisterFunction.
pub(crate) fn register(
    call: &Call<'_>,
    input: &Valid<'_, RegisterFunctionInput>,
) -> Result<RegisterFunctionOutput> {
    let name = name_of(input.function_name)?;
    let aliases = input.aliases.clone().into_iter().flatten().collect::<BTreeMap<_, _>>();
    let versions = input.versions.clone().into_iter().flatten().collect::<Vec<_>>();
    if let Some(wrong) = versions.iter().chain(aliases.keys()).find(|given| !is_qualifier(given)) {
        return Err(invalid(text::bad_qualifier(wrong)));
    }
    let is_there = |version: &&String| *version == "$LATEST" || versions.contains(version);
    if let Some(wrong) = aliases.values().find(|version| !is_there(version)) {
        return Err(invalid(text::bad_qualifier(wrong)));
    }
    let function = Function {
        name: name.to_owned(),
        versions,
        aliases,
        endpoint: input.endpoint.clone(),
        timeout: input.timeout_in_seconds.unwrap_or(USUAL_TIMEOUT),
        memory: input.memory_size.unwrap_or(USUAL_MEMORY),
    };
    let mut mappings = lock(call);
    let is_new = !mappings.functions.contains_key(name);
    if is_new && mappings.all.len() + mappings.functions.len() >= LAMBDA_MAPPINGS_MAX {
        return Err(invalid(text::too_many(LAMBDA_MAPPINGS_MAX)));
    }
    let answer = RegisterFunctionOutput { function: Some(told(call, &function)) };
    if mappings.functions.get(name) != Some(&function) {
        commit(call, &mut mappings, [function.entry()])?;
        mappings.functions.insert(function.name.clone(), function);
    }
    Ok(answer)
}

/// DeregisterFunction.
pub(crate) fn deregister(
    call: &Call<'_>,
    input: &Valid<'_, DeregisterFunctionInput>,
) -> Result<DeregisterFunctionOutput> {
    let name = name_of(input.function_name)?;
    let mut mappings = lock(call);
    let removed = mappings.functions.get(name).map(Function::removed_entry).ok_or_else(|| {
        let arn = call.catalog.place.function_arn(name);
        Error::new(ErrorCode::ResourceNotFound, text::function_not_found(&arn))
    })?;
    commit(call, &mut mappings, [removed])?;
    mappings.functions.remove(name);
    Ok(DeregisterFunctionOutput {})
}

/// ListRegisteredFunctions.
pub(crate) fn list_functions(
    call: &Call<'_>,
    _input: &ListRegisteredFunctionsInput,
) -> Result<ListRegisteredFunctionsOutput> {
    let functions = lock(call).functions.values().map(|function| told(call, function)).collect();
    Ok(ListRegisteredFunctionsOutput { functions: Some(functions) })
}

/// GetFunctionConfiguration.
pub(crate) fn configuration(
    call: &Call<'_>,
    input: &Valid<'_, LambdaGetFunctionConfigurationInput>,
) -> Result<LambdaFunctionConfiguration> {
    let named = FunctionReference::parse(input.function_name).expect("the shape has checked it");
    let given = input.qualifier.as_deref();
    if given.zip(named.qualifier).is_some_and(|(given, derived)| given != derived) {
        return Err(invalid(text::qualifiers_differ()));
    }
    let qualifier = given.or(named.qualifier);
    let place = &call.catalog.place;
    let (region, account) = (named.region.unwrap_or(&place.region), named.account.unwrap_or(&place.account));
    let suffix = qualifier.map_or_else(String::new, |qualifier| format!(":{qualifier}"));
    let arn = format!("arn:aws:lambda:{region}:{account}:function:{}{suffix}", named.name);
    let is_here = region == place.region && account == place.account;
    let mappings = lock(call);
    let function = mappings.functions.get(named.name).filter(|_| is_here);
    let function = function.filter(|function| qualifier.is_none_or(|given| function.has(given)));
    let Some(function) = function else {
        return Err(Error::new(ErrorCode::ResourceNotFound, text::function_not_found(&arn)));
    };
    Ok(LambdaFunctionConfiguration {
        function_name: Some(function.name.clone()),
        function_arn: Some(arn),
        timeout: Some(function.timeout),
        memory_size: Some(function.memory),
        version: Some(function.version(qualifier).to_owned()),
        state: Some("Active".to_owned()),
        last_update_status: Some("Successful".to_owned()),
    })
}

/// The name alone.
fn name_of(given: &str) -> Result<&str> {
    let named = FunctionReference::parse(given).filter(|named| named.qualifier.is_none());
    named.map(|named| named.name).ok_or_else(|| invalid(text::function_is_qualified()))
}

fn told(call: &Call<'_>, function: &Function) -> RegisteredFunction {
    RegisteredFunction {
        function_name: Some(function.name.clone()),
        function_arn: Some(call.catalog.place.function_arn(&function.name)),
        versions: Some(function.versions.clone()),
        aliases: Some(function.aliases.clone()),
        endpoint: function.endpoint.clone(),
        timeout_in_seconds: Some(function.timeout),
        memory_size: Some(function.memory),
    }
}
