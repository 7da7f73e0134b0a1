/**
 * The Java client of Holdfast. {@link dev.holdfast.client.Holdfast} is where to begin:
 *
 * {@snippet :
 * try (Holdfast client = Holdfast.builder()
 *         .endpoint(URI.create("http://127.0.0.1:4653"))
 *         .token(token)
 *         .build()) {
 *     Namespace notes = client.namespace("notes");
 *     Receipt receipt = notes.put("hello", "world");
 *     Answer answer = notes.get("hello");
 *     System.out.println(answer.text().orElse("nothing") + ", " + answer.freshness());
 *     notes.compareAndSet("hello", receipt.version(), "you");
 * }
 * }
 */
@NullMarked
package dev.holdfast.client;

import org.jspecify.annotations.NullMarked;
