/**
 * The Java client of Holdfast. {@link dev.holdfast.client.Holdfast} is where to begin:
 *
 * {@snippet :
 * try (Holdfast client = Holdfast.builder().endpoint(server).token(token).build()) {
 *     Namespace notes = client.namespace("notes");
 *     Receipt receipt = notes.put("hello", "world");
 *     Answer answer = notes.get("hello");
 *     System.out.println(answer.text().orElse("nothing") + " at " + answer.version().orElseThrow());
 *     notes.compareAndSet("hello", receipt.version(), "you");
 *     for (ListedKey key : notes.list("he")) {
 *         System.out.println(key.name() + ": " + key.size() + " bytes");
 *     }
 *     notes.delete("hello");
 * }
 * }
 */
@NullMarked
package dev.holdfast.client;

import org.jspecify.annotations.NullMarked;
