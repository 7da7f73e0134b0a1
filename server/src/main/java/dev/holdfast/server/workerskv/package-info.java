/** Cloudflare's Workers KV, or whatever speaks its REST API v4, as a place to read from. */
@NullMarked
package dev.holdfast.server.workerskv;

import org.jspecify.annotations.NullMarked;
