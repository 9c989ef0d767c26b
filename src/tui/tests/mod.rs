//! Screens: every scene at every size, the main ones as text, their colours by role, and the pictures.

mod coverage;
mod json;
mod pictures;
mod screens;
mod styles;
mod sweep;
