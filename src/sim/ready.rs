//! The ready stack: an active-active deployment, made by the API calls of a deployment.
