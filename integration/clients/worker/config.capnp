# One Worker and three bindings to Holdfast, each with another way to say which namespace it is about.
# The files that are embedded here and are not beside this one are written by the test.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .main ),

    # By a header of Holdfast's.
    ( name = "holdfast-by-header", external = ( address = "127.0.0.1:4653", http = ( injectRequestHeaders = [
      ( name = "Authorization", value = embed "authorization" ),
      ( name = "X-Holdfast-Namespace", value = embed "by-header" ) ] ) ) ),

    # By the name of the host.
    ( name = "holdfast-by-host", external = ( address = "127.0.0.1:4653", http = ( injectRequestHeaders = [
      ( name = "Authorization", value = embed "authorization" ),
      ( name = "Host", value = embed "by-host" ) ] ) ) ),

    # By the path, which a Worker between the two has to rewrite, because a binding's requests have no namespace in theirs.
    ( name = "adapter", worker = .adapter ),
    ( name = "holdfast", external = ( address = "127.0.0.1:4653", http = ( injectRequestHeaders = [
      ( name = "Authorization", value = embed "authorization" ) ] ) ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "main" ) ]
);

const main :Workerd.Worker = (
  modules = [
    ( name = "worker.js", esModule = embed "worker.js" ),
    ( name = "checks.mjs", esModule = embed "checks.mjs" ),
  ],
  bindings = [
    ( name = "header", kvNamespace = "holdfast-by-header" ),
    ( name = "host", kvNamespace = "holdfast-by-host" ),
    ( name = "path", kvNamespace = "adapter" ),
  ],
  compatibilityDate = "2026-11-01"
);

const adapter :Workerd.Worker = (
  modules = [ ( name = "adapter.js", esModule = embed "adapter.js" ) ],
  bindings = [
    ( name = "HOLDFAST", service = "holdfast" ),
    ( name = "NAMESPACE", text = embed "by-path" ),
  ],
  compatibilityDate = "2026-11-01"
);
