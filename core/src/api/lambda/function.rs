//! The functions that a database knows: their names, and where they are.

use std::collections::BTreeMap;

use super::{FUNCTION, QUALIFIER};
use crate::api::shape::shape;

shape! {
    /// A function that mappings may name.
    pub struct RegisteredFunction {
        /// Its name.
        function_name: String = "FunctionName",
        /// Its ARN, without a qualifier.
        function_arn: String = "FunctionArn",
        /// Its versions besides `$LATEST`.
        versions: Vec<String> = "Versions",
        /// Its aliases, and the version that each of them means.
        aliases: BTreeMap<String, String> = "Aliases",
        /// Where it is invoked: the address of a runtime interface emulator; absent where a program has it as a handler.
        endpoint: String = "Endpoint",
        /// How long an invocation may take, in seconds.
        timeout_in_seconds: i32 = "TimeoutInSeconds",
        /// What its context tells, in mebibytes.
        memory_size: i32 = "MemorySize",
    }

    /// Tells of a function. Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
    pub struct LambdaGetFunctionConfigurationInput {
        /// Its name or ARN, with a version or an alias after it or without.
        function_name: String = "FunctionName" [REQUIRED, FUNCTION, length(1, LAMBDA_FUNCTION_REFERENCE_MAX_CHARS)],
        /// A version or an alias.
        qualifier: String = "Qualifier" [QUALIFIER, length(1, LAMBDA_QUALIFIER_MAX_CHARS)],
    }

    /// What a function is set to.
    pub struct LambdaFunctionConfiguration {
        /// Its name.
        function_name: String = "FunctionName",
        /// Its ARN, with the qualifier that was asked for.
        function_arn: String = "FunctionArn",
        /// How long an invocation may take, in seconds.
        timeout: i32 = "Timeout",
        /// What its context tells, in mebibytes.
        memory_size: i32 = "MemorySize",
        /// The version that is invoked.
        version: String = "Version",
        /// `Active`: what is registered can be invoked where its handler is.
        state: String = "State",
        /// `Successful`.
        last_update_status: String = "LastUpdateStatus",
    }

    /// Makes a function known, so that mappings may name it; in place of one of the same name. Its code stays where it is: a handler in a program,
    /// or a process with an endpoint.
    ///
    /// Errors: `InvalidParameterValueException`.
    pub struct RegisterFunctionInput {
        /// Its name, or its ARN without a qualifier.
        function_name: String = "FunctionName" [REQUIRED, FUNCTION, length(1, LAMBDA_FUNCTION_NAME_MAX_CHARS)],
        /// Its versions besides `$LATEST`.
        versions: Vec<String> = "Versions",
        /// Its aliases, and the version that each of them means.
        aliases: BTreeMap<String, String> = "Aliases",
        /// Where it is invoked: the address of a runtime interface emulator, `http://host:port`.
        endpoint: String = "Endpoint" [length(1, PATH_MAX_CHARS)],
        /// How long an invocation may take, in seconds; 3 when absent.
        timeout_in_seconds: i32 = "TimeoutInSeconds" [range(1, 900)],
        /// What its context tells, in mebibytes; 128 when absent.
        memory_size: i32 = "MemorySize" [range(128, 10_240)],
    }

    /// Answer of RegisterFunction.
    pub struct RegisterFunctionOutput {
        /// The function.
        function: RegisteredFunction = "Function",
    }

    /// Forgets a function. Its mappings stay, and hand nothing over until it is there again.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct DeregisterFunctionInput {
        /// Its name, or its ARN without a qualifier.
        function_name: String = "FunctionName" [REQUIRED, FUNCTION, length(1, LAMBDA_FUNCTION_NAME_MAX_CHARS)],
    }

    /// Answer of DeregisterFunction.
    pub struct DeregisterFunctionOutput {
    }

    /// Lists the functions by name.
    pub struct ListRegisteredFunctionsInput {
    }

    /// Answer of ListRegisteredFunctions.
    pub struct ListRegisteredFunctionsOutput {
        /// The functions.
        functions: Vec<RegisteredFunction> = "Functions",
    }
}
