//! The environment as an argument: variables by their names.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::Credentials;

/// A variable by its name.
type Variables = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Variables of an environment, and what was chosen instead of them.
#[derive(Clone)]
pub struct Environment {
    variables: Arc<Variables>,
    profile: Option<String>,
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Environment {
        Environment::of(|name| std::env::var(name).ok())
    }

    /// One that a function tells.
    pub fn of(variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Environment {
        Environment { variables: Arc::new(variables), profile: None }
    }

    /// The same with a profile that was asked for by name.
    pub fn with_profile(self, profile: Option<String>) -> Environment {
        Environment { profile, ..self }
    }

    /// A variable; one that is empty is absent.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.variables)(name).filter(|value| !value.is_empty())
    }

    /// Whether a variable is `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Whether the profile was asked for, and not by the environment.
    pub(super) fn profile_is_chosen(&self) -> bool {
        self.profile.is_some()
    }

    /// The profile of the shared files.
    pub(crate) fn profile(&self) -> String {
        let of_variables = || self.get("AWS_PROFILE").or_else(|| self.get("AWS_DEFAULT_PROFILE"));
        self.profile.clone().or_else(of_variables).unwrap_or_else(|| "default".to_owned())
    }

    /// A file that a variable names, and otherwise one in the folder of the user.
    pub(super) fn file(&self, variable: &str, in_home: &str) -> Option<PathBuf> {
        if let Some(named) = self.get(variable) {
            return Some(self.expanded(&named));
        }
        self.home().map(|home| home.join(in_home))
    }

    fn home(&self) -> Option<PathBuf> {
        self.get("HOME").or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }

    fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }

    /// Credentials in variables.
    pub(super) fn credentials(&self) -> Option<Credentials> {
        let (id, secret) = (self.get("AWS_ACCESS_KEY_ID")?, self.get("AWS_SECRET_ACCESS_KEY")?);
        let found = Credentials::new(id, secret).with_token(self.get("AWS_SESSION_TOKEN"));
        Some(Credentials { account: self.get("AWS_ACCOUNT_ID"), ..found })
    }

    /// The region in variables, and otherwise in the profile.
    pub(crate) fn region(&self) -> Option<String> {
        let of_variables = || self.get("AWS_REGION").or_else(|| self.get("AWS_DEFAULT_REGION"));
        let of_profile = || super::files::setting(self, "region");
        if self.profile_is_chosen() {
            return of_profile().or_else(of_variables);
        }
        of_variables().or_else(of_profile)
    }
}
