# Tandem's own image: a static binary and nothing else, for watchers ([watch] image) and guards ([failover] guard_image).
# Tasks of a stack run on x86-64: on another machine build with --platform linux/amd64.

FROM rust:1.95-slim-bookworm AS builder
# ring compiles C for musl, and calls to AWS are checked against the certificates
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates musl-tools \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add x86_64-unknown-linux-musl
WORKDIR /tandem
COPY . .
RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --target x86_64-unknown-linux-musl --bin tandem \
 && mkdir -p /image/state /image/etc/ssl/certs \
 && cp target/x86_64-unknown-linux-musl/release/tandem /image/tandem \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/

FROM scratch
COPY --from=builder /image/tandem /tandem
COPY --from=builder /image/etc /etc
# a watcher writes down what it does before it does it
COPY --from=builder --chown=65532:65532 /image/state /state
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt XDG_STATE_HOME=/state
USER 65532:65532
ENTRYPOINT ["/tandem"]
