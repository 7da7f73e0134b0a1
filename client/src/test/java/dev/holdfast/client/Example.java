package dev.holdfast.client;

import java.net.URI;

/** What the documentation shows. */
final class Example {
    private Example() {}

    static void run(URI server, String token) {
        // example begins
        try (Holdfast client = Holdfast.builder().endpoint(server).token(token).build()) {
            Namespace notes = client.namespace("notes");
            Receipt receipt = notes.put("hello", "world");
            Answer answer = notes.get("hello");
            System.out.println(
                    answer.text().orElse("nothing") + " at " + answer.version().orElseThrow());
            notes.compareAndSet("hello", receipt.version(), "you");
            for (ListedKey key : notes.list("he")) {
                System.out.println(key.name() + ": " + key.size() + " bytes");
            }
            notes.delete("hello");
        }
        // example ends
    }
}
