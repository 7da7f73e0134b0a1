# The files that are embedded here and are not beside this one are written by the test.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "site", worker = .site ),
    ( name = "holdfast", external = ( address = "127.0.0.1:4653", http = ( injectRequestHeaders = [
      ( name = "Authorization", value = embed "authorization" ),
      ( name = "X-Holdfast-Namespace", value = embed "namespace" ) ] ) ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "site" ) ]
);

const site :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = embed "bundle.js" ) ],
  bindings = [
    ( name = "FILES", kvNamespace = "holdfast" ),
    ( name = "MANIFEST", json = embed "manifest.json" ),
  ],
  compatibilityDate = "2026-11-01"
);
