//! The store in a directory.

mod pages;
