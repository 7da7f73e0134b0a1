/** REST v4, as Cloudflare's API speaks it for Workers KV: the door of wrangler and the SDKs. */
@NullMarked
package dev.holdfast.server.rest;

import org.jspecify.annotations.NullMarked;
