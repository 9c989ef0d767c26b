//! Screens: every scene at every size, the main ones as text, their colours by role, and the pictures.

mod pictures;
mod screens;
mod styles;
mod sweep;
