//! Texts about expressions and legacy conditions (facts B5).
