//! What exports and imports have in common: their ARNs, their lists, and the directory of buckets.

use crate::api::message::{settings as settings_text, transfer as text};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::JOBS_PAGE;
use crate::stream::Place;
use crate::table::{Job, JobKey, job_key};

/// Exports or imports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kind {
    /// As texts have it.
    shown: &'static str,
    /// As ARNs have it.
    part: &'static str,
    not_found: ErrorCode,
    conflict: ErrorCode,
}

pub(super) const EXPORT: Kind = Kind {
    shown: "Export",
    part: "export",
    not_found: ErrorCode::ExportNotFound,
    conflict: ErrorCode::ExportConflict,
};
pub(super) const IMPORT: Kind = Kind {
    shown: "Import",
    part: "import",
    not_found: ErrorCode::ImportNotFound,
    conflict: ErrorCode::ImportConflict,
};

/// Bytes of a token of a list are a multiple of the first, and the second at least (model).
const TOKEN_UNIT_BYTES: usize = 8;
const TOKEN_MIN_BYTES: usize = 56;

impl Kind {
    /// The ARN of a job.
    pub(super) fn arn(self, place: &Place, job: &impl Job) -> String {
        format!("{}/{}/{}", place.table_arn(job.table()), self.part, job.id())
    }

    /// The last part of the ARN of a job that begins now.
    pub(super) fn new_id(call: &Call<'_>, now: Millis, is_taken: impl Fn(&str) -> bool) -> String {
        loop {
            let id = format!("{now:014}-{:08x}", call.entropy.next() as u32);
            if !is_taken(&id) {
                return id;
            }
        }
    }

    /// The table and the last part of an ARN.
    ///
    /// # Errors
    /// `ValidationException` for text that is no ARN of a job; `AccessDeniedException` for one of another account; that there is no such job for one
    /// of another region.
    pub(super) fn parse<'a>(self, place: &Place, arn: &'a str) -> Result<(&'a str, &'a str)> {
        let no_arn = || Error::validation(text::no_job_arn(self.shown));
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, path] = fields[..] else { return Err(no_arn()) };
        if account != place.account {
            return Err(Error::new(ErrorCode::AccessDenied, settings_text::access_denied()));
        }
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["table", table, part, id]
                if part == self.part && (partition, service) == ("aws", "dynamodb") =>
            {
                if region == place.region {
                    Ok((table, id))
                } else {
                    Err(Error::new(self.not_found, text::job_elsewhere(self.shown)))
                }
            }
            _ => Err(no_arn()),
        }
    }

    pub(super) fn not_found(self, arn: &str) -> Error {
        Error::new(self.not_found, text::job_not_found(self.shown, arn))
    }

    pub(super) fn conflict(self) -> Error {
        Error::new(self.conflict, text::conflict(self.shown))
    }

    /// The token of the page after a job: hexadecimal, as the service's are.
    pub(super) fn token(self, job: &impl Job) -> String {
        let (id, table) = job_key(job);
        let mut bytes = format!("{}/{id}/{table}", self.part).into_bytes();
        let length = bytes.len().next_multiple_of(TOKEN_UNIT_BYTES).max(TOKEN_MIN_BYTES);
        bytes.resize(length, 0);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Where the page of a token begins.
    ///
    /// # Errors
    /// `ValidationException` for one of another list.
    pub(super) fn place(self, token: &str) -> Result<JobKey> {
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = token.as_bytes().chunks(2).map(pair).collect();
        let told = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let place = told.as_deref().and_then(|told| {
            let rest = told.trim_end_matches('\0').strip_prefix(self.part)?.strip_prefix('/')?;
            let (id, table) = rest.split_once('/')?;
            Some((id.to_owned(), table.to_owned()))
        });
        place.ok_or_else(|| Error::validation(text::token_invalid(token)))
    }
}

/// Jobs of a page.
pub(super) fn page_size(given: Option<i32>) -> usize {
    given.and_then(|most| usize::try_from(most).ok()).unwrap_or(JOBS_PAGE)
}

/// Refuses where nothing stands for S3.
///
/// # Errors
/// `ValidationException`.
pub(super) fn require_buckets(call: &Call<'_>) -> Result<()> {
    if call.choices.buckets.is_there() { Ok(()) } else { Err(Error::validation(text::no_buckets())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str, &'static str);

    impl Job for Named {
        fn id(&self) -> &str {
            self.0
        }

        fn table(&self) -> &str {
            self.1
        }

        fn token(&self) -> (Option<&str>, Millis) {
            (None, 0)
        }

        fn ended_at(&self) -> Option<Millis> {
            None
        }
    }

    #[test]
    fn tokens_are_of_the_form_of_the_model_and_of_one_list() {
        for table in ["abc", &"t".repeat(255)] {
            let job = Named("01767225600000-0123abcd", table.to_owned().leak());
            let token = IMPORT.token(&job);
            assert!((112..=1_024).contains(&token.len()) && token.len().is_multiple_of(16), "{token}");
            assert_eq!(IMPORT.place(&token), Ok(job_key(&job)));
            assert!(EXPORT.place(&token).is_err());
        }
        for token in ["", "x", "00", "é", &"0".repeat(112)] {
            assert!(IMPORT.place(token).is_err(), "{token:?}");
        }
    }
}
