package dev.holdfast.engine.replication.sealing;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data keys of namespaces, wrapped, as entries of the catalogue: {@code data-key/NAMESPACE/ID} for each, which no other key ever takes
 * the place of, and {@code sealing/NAMESPACE} naming the one that seals what is written. A key that was in use once stays for good: there
 * may be records that take it. Thread-safe.
 */
final class KeyRing {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final String KEY = "data-key/";
    private static final String CURRENT = "data-key";

    private final Catalogue catalogue;

    KeyRing(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The entry that names the key of the namespace; empty when what is written there stays in the clear. */
    Optional<Entry> sealing(NamespaceId namespace) {
        return catalogue.get(Catalogue.SEALINGS + namespace);
    }

    /** The namespaces that have such an entry. */
    Set<NamespaceId> sealed() {
        return catalogue.entries(Catalogue.SEALINGS).keySet().stream()
                .map(name -> NamespaceId.parse(name.substring(Catalogue.SEALINGS.length())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether this node would have that entry by now if there were one. */
    boolean knows(NamespaceId namespace) {
        return catalogue.wholeFor(Catalogue.NAMESPACES + namespace);
    }

    /** @throws IllegalArgumentException when it is not such an entry */
    static long current(Entry sealing) {
        String id = WrappedKey.lines(sealing.content()).get(CURRENT);
        if (id == null) {
            throw new IllegalArgumentException("a sealed namespace without a key");
        }
        return HexFormat.fromHexDigitsToLong(id);
    }

    Optional<WrappedKey> key(NamespaceId namespace, long id) {
        return catalogue.get(name(namespace, id)).flatMap(entry -> read(namespace, entry));
    }

    /** The same, asked of the providers when it is not here: another node may have made it just now. */
    Optional<WrappedKey> fetch(NamespaceId namespace, long id) {
        return catalogue.fetch(name(namespace, id)).flatMap(entry -> read(namespace, entry));
    }

    /** Whether there is no such key: each is at the providers before anything is sealed under it. */
    boolean lacks(NamespaceId namespace, long id) {
        return catalogue.lacks(name(namespace, id));
    }

    /** All of a namespace. */
    List<WrappedKey> keys(NamespaceId namespace) {
        List<WrappedKey> keys = new ArrayList<>();
        catalogue
                .entries(KEY + namespace + "/")
                .values()
                .forEach(entry -> read(namespace, entry).ifPresent(keys::add));
        return keys;
    }

    private static Optional<WrappedKey> read(NamespaceId namespace, Entry entry) {
        try {
            return Optional.of(WrappedKey.read(namespace, entry.content()));
        } catch (IllegalArgumentException e) {
            LOG.error("a data key of namespace {} in the catalogue cannot be read: {}", namespace, e.getMessage());
            return Optional.empty();
        }
    }

    /** @return whether it is durable at the providers, so that nothing is sealed under a key that one disk alone has */
    boolean keep(WrappedKey key) throws NotKept {
        String name = name(key.namespace(), key.id());
        catalogue.put(name, new Entry(key.text(), 0));
        return catalogue.spread(name);
    }

    void use(WrappedKey key) throws NotKept {
        byte[] text = (CURRENT + "=" + key.idText() + "\n").getBytes(StandardCharsets.UTF_8);
        catalogue.put(Catalogue.SEALINGS + key.namespace(), new Entry(text, 0));
        catalogue.spread(Catalogue.SEALINGS + key.namespace());
    }

    /** @return whether it is durable at the providers which key seals what is written */
    boolean spread(NamespaceId namespace) {
        return catalogue.spread(Catalogue.SEALINGS + namespace);
    }

    private static String name(NamespaceId namespace, long id) {
        return KEY + namespace + "/" + HexFormat.of().toHexDigits(id);
    }
}
