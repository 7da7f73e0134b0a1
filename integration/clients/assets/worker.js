import { getAssetFromKV, NotFoundError } from "@cloudflare/kv-asset-handler";

export default {
  async fetch(request, env, context) {
    const options = { ASSET_NAMESPACE: env.FILES, ASSET_MANIFEST: env.MANIFEST, cacheControl: { bypassCache: true } };
    try {
      return await getAssetFromKV({ request, waitUntil: (promise) => context.waitUntil(promise) }, options);
    } catch (error) {
      if (error instanceof NotFoundError) {
        return new Response("not found", { status: 404 });
      }
      throw error;
    }
  },
};
