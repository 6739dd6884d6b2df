//! The shared files of the service's tools: `~/.aws/credentials` and `~/.aws/config`, with their profiles, and a process that a profile names.

use std::fs;
use std::io;
use std::process::Command;

use streamtable::Result;

use super::{Credentials, Environment, fetched, json, missing};

/// Settings of a profile that need another service, and so the program's own SDK.
const ELSEWHERE: [&str; 4] = ["role_arn", "sso_session", "sso_start_url", "login_session"];

/// What one profile says: the credentials file goes before the other.
struct Profile(Vec<(String, String)>);

impl Profile {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads the profile out of both files; a file that is not there says nothing.
fn profile(environment: &Environment) -> Result<Profile> {
    let name = environment.profile();
    let mut settings = Vec::new();
    let files = [
        (environment.file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"), name.clone()),
        (
            environment.file("AWS_CONFIG_FILE", ".aws/config"),
            if name == "default" { name.clone() } else { format!("profile {name}") },
        ),
    ];
    for (path, section) in files {
        let Some(path) = path else { continue };
        match fs::read_to_string(&path) {
            Ok(text) => settings.extend(section_of(&text, &section)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(missing(format!("{} cannot be read: {e}", path.display()))),
        }
    }
    Ok(Profile(settings))
}

/// The settings of a section. Lines that begin with a space belong to the setting above them, which is none of those that are looked for here.
fn section_of(text: &str, section: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = bare.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let words: Vec<&str> = header.split_whitespace().map(|word| word.trim_matches('"')).collect();
            is_inside = words.join(" ") == section;
        } else if is_inside
            && !line.starts_with([' ', '\t'])
            && let Some((name, value)) = bare.split_once('=')
        {
            let value = value.split(" #").next().unwrap_or(value);
            settings.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    settings
}

/// A setting of the profile; none where the files cannot be read, which is told when credentials are looked for in them.
pub(super) fn setting(environment: &Environment, name: &str) -> Option<String> {
    profile(environment).ok()?.get(name).map(str::to_owned)
}

/// Credentials of the profile; none where it has none.
///
/// # Errors
/// `CredentialsException` for a profile that says how to get them, in a way that is not built in or fails.
pub(super) fn credentials(environment: &Environment) -> Result<Option<Credentials>> {
    let profile = profile(environment)?;
    if let (Some(id), Some(secret)) = (profile.get("aws_access_key_id"), profile.get("aws_secret_access_key"))
    {
        let token = profile.get("aws_session_token").map(str::to_owned);
        let account = profile.get("aws_account_id").map(str::to_owned);
        return Ok(Some(Credentials { account, ..Credentials::new(id, secret).with_token(token) }));
    }
    if let Some(setting) = ELSEWHERE.into_iter().find(|setting| profile.get(setting).is_some()) {
        let name = environment.profile();
        return Err(missing(format!(
            "The profile {name:?} gets its credentials by {setting}, which takes another service: hand over the credentials of your SDK, or \
             name a process that prints them (credential_process = aws configure export-credentials --profile {name})"
        )));
    }
    if let Some(command) = profile.get("credential_process") {
        return of_process(command).map(Some);
    }
    match profile.get("credential_source") {
        Some("Environment") => Ok(environment.credentials()),
        Some("EcsContainer") => fetched::from_container(environment),
        Some("Ec2InstanceMetadata") => fetched::from_instance(environment),
        _ => Ok(None),
    }
}

/// Runs a process that prints credentials as JSON.
fn of_process(command: &str) -> Result<Credentials> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| missing(format!("credential_process is no command: {command}")))?;
    let failed = |why: String| missing(format!("The process {:?} gave no credentials: {why}", words[0]));
    let output = Command::new(&words[0]).args(&words[1..]).output().map_err(|e| failed(e.to_string()))?;
    if !output.status.success() {
        return Err(failed(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())));
    }
    json::read(&output.stdout).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_as_the_tools_write_them() {
        let text = "# a comment\n[default]\naws_access_key_id = A\n\n[ profile  \"b c\" ]\nRegion=eu-west-1 # here\ns3 =\n  region = nowhere\n; more\n\
                    credential_process = /bin/tool --for \"a b\"\n[profile d]\nregion = us-east-1\n";
        assert_eq!(section_of(text, "default"), [("aws_access_key_id".to_owned(), "A".to_owned())]);
        let found = Profile(section_of(text, "profile b c"));
        assert_eq!(found.get("region"), Some("eu-west-1"));
        assert_eq!(found.get("credential_process"), Some("/bin/tool --for \"a b\""));
        assert_eq!(found.get("s3"), None);
        assert!(section_of(text, "profile e").is_empty());
    }
}
