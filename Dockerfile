# The server in a container of its own: one program, no system around it.
#
#     docker build --tag streamtable .
#     docker run --rm --publish 127.0.0.1:8000:8000 streamtable
#
# With a directory for its data, in place of memory:
#
#     docker run --rm --publish 127.0.0.1:8000:8000 --volume streamtable:/data streamtable serve /data --host 0.0.0.0

FROM rust:1.90-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY . .
RUN cargo build --release --locked --package streamtable-server \
 && mkdir /data

FROM scratch
COPY --from=build /source/target/release/streamtable /streamtable
COPY --from=build /source/LICENSE-APACHE /source/LICENSE-MIT /
# A new volume has the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/streamtable"]
# Other containers ask for it under a name of its own, so it listens on every address; who may reach it is what is published.
CMD ["serve", "--memory", "--host", "0.0.0.0"]
