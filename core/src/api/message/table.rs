//! Texts about tables and streams (facts A2 to A6, B9, B13).
