# One static binary in an empty image, as a user without rights. Content, words and zone data are inside the binary; beside it lies the list
# of what it is made of.
#
#   docker build -t motkraft .
#   docker run --rm -p 8080:8080 -e MOTKRAFT_KEY="$(openssl rand -base64 32)" motkraft
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# With .git, so that the binary knows its commit.
COPY . .
RUN .ci/build /out && /out/motkraft check && /out/motkraft version

FROM scratch
LABEL org.opencontainers.image.title="Motkraft" \
	org.opencontainers.image.description="An anonymous bot that leads people to support" \
	org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/motkraft /out/motkraft.cdx.json /
USER 65532:65532
ENV MOTKRAFT_ADDR=0.0.0.0:8080
EXPOSE 8080
# No shell and no curl: the program asks itself. The admin address stays inside the container.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["/motkraft", "health"]
ENTRYPOINT ["/motkraft"]
CMD ["serve"]
