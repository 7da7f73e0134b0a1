// Notes by name: PUT /name, GET /name, DELETE /name, and GET / for the list. Nothing here knows of Holdfast: the same Worker runs on
// Cloudflare with a namespace of Workers KV.

export default {
  async fetch(request, env) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (name === "") {
      const { keys } = await env.NOTES.list();
      return new Response(keys.map((key) => `${key.name}  ${key.metadata?.written ?? ""}\n`).join(""));
    }
    switch (request.method) {
      case "GET": {
        const note = await env.NOTES.get(name, "stream");
        return note ? new Response(note) : new Response("no such note\n", { status: 404 });
      }
      case "PUT":
        await env.NOTES.put(name, await request.arrayBuffer(), { metadata: { written: new Date().toISOString() } });
        return new Response("kept\n");
      case "DELETE":
        await env.NOTES.delete(name);
        return new Response("gone\n");
      default:
        return new Response("GET, PUT or DELETE\n", { status: 405 });
    }
  },
};
