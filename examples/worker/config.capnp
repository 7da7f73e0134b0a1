# A Worker whose KV namespace is kept by Holdfast. Serve it with: workerd serve config.capnp
#
# The file `authorization` has to lie beside this one. It is one line without an end, "Bearer " and a token:
#   printf 'Bearer %s' "$(cat holdfast-data/admin-token)" >examples/worker/authorization

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "notes", worker = .notes ),
    ( name = "holdfast", external = ( address = "127.0.0.1:4653", http = ( injectRequestHeaders = [
      ( name = "Authorization", value = embed "authorization" ),
      ( name = "X-Holdfast-Namespace", value = "notes" ) ] ) ) ),  # a namespace's title or id
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:8787", http = (), service = "notes" ) ]
);

const notes :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = embed "worker.js" ) ],
  bindings = [ ( name = "NOTES", kvNamespace = "holdfast" ) ],
  compatibilityDate = "2026-11-01"
);
