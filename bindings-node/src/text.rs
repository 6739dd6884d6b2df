//! Text across the border, the two calls that have to be quick. All `unsafe` of the crate is here and in `outcome.rs`.

use std::ptr;

use napi::{Env, JsString, JsValue, Result, Status, check_status, sys};

/// Reads text of `units` UTF-16 units; `None` when half of a surrogate pair stands in it, which no UTF-8 text can hold.
///
/// # Errors
/// What the host reports.
pub(crate) fn read(env: &Env, value: &JsString<'_>, units: usize) -> Result<Option<String>> {
    let raw = value.value().value;
    // Most text is ASCII and has one byte for each unit. Anything else comes back longer, or cut off, and is read again with room for all.
    let mut text = copy(env, raw, units.saturating_add(4))?;
    if text.len() != units || !text.is_ascii() {
        text = copy(env, raw, units.saturating_mul(3).saturating_add(4))?;
    }
    let text = String::from_utf8(text)
        .map_err(|_| napi::Error::new(Status::InvalidArg, "the host wrote text that is no UTF-8"))?;
    // The host writes U+FFFD where half of a pair stands; it may also stand there by itself.
    if text.contains(char::REPLACEMENT_CHARACTER) && has_half_pairs(env, raw, units)? {
        return Ok(None);
    }
    Ok(Some(text))
}

/// The first bytes of a text as UTF-8, at most `room` less the closing zero.
fn copy(env: &Env, raw: sys::napi_value, room: usize) -> Result<Vec<u8>> {
    let mut text: Vec<u8> = Vec::with_capacity(room);
    let mut length = 0;
    // SAFETY: the host writes at most `capacity` bytes including the closing zero, and tells how many it wrote without it.
    unsafe {
        check_status!(sys::napi_get_value_string_utf8(
            env.raw(),
            raw,
            text.as_mut_ptr().cast(),
            text.capacity(),
            &mut length
        ))?;
        text.set_len(length);
    }
    Ok(text)
}

fn has_half_pairs(env: &Env, raw: sys::napi_value, units: usize) -> Result<bool> {
    let mut text: Vec<u16> = Vec::with_capacity(units + 1);
    let mut length = 0;
    // SAFETY: as in `copy`, counted in units.
    unsafe {
        check_status!(sys::napi_get_value_string_utf16(
            env.raw(),
            raw,
            text.as_mut_ptr(),
            text.capacity(),
            &mut length
        ))?;
        text.set_len(length);
    }
    Ok(char::decode_utf16(text).any(|letter| letter.is_err()))
}

/// Makes a text of the host.
///
/// # Errors
/// What the host reports: text longer than it can hold.
pub(crate) fn write(env: sys::napi_env, text: &str) -> Result<sys::napi_value> {
    let length = isize::try_from(text.len())
        .map_err(|_| napi::Error::new(Status::InvalidArg, "the text is too long"))?;
    let mut value = ptr::null_mut();
    // SAFETY: pointer and length are those of a live text. ASCII is Latin-1 as well, and copied without decoding.
    unsafe {
        check_status!(if text.is_ascii() {
            sys::napi_create_string_latin1(env, text.as_ptr().cast(), length, &mut value)
        } else {
            sys::napi_create_string_utf8(env, text.as_ptr().cast(), length, &mut value)
        })?;
    }
    Ok(value)
}
