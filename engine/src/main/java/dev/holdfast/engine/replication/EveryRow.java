package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;

/** Every row of a namespace at one provider, page by page, as fast as its ration goes; half of the time is left to others. */
final class EveryRow {
    private EveryRow() {}

    /** Is shown the pages in their order. */
    interface Visitor<X extends Exception> {
        /** @param over whether there are no more after it */
        void see(Page page, boolean over) throws ProviderFault, X, InterruptedException;
    }

    /**
     * @param pageRows rows of a page, 1 or more
     * @throws ProviderFault when it could not be read to the end
     */
    static <X extends Exception> void of(
            Member member, NamespaceId namespace, int pageRows, Time time, Visitor<X> visitor)
            throws ProviderFault, X, InterruptedException {
        Key after = null;
        boolean over = false;
        while (!over) {
            long began = time.nanos();
            member.ration.await(1);
            Key from = after;
            Page page = member.call(provider -> provider.scan(namespace, new byte[0], from, pageRows));
            Key last = page.last();
            after = last == null ? after : last;
            over = page.end() || after == null;
            visitor.see(page, over);
            if (!over) {
                time.sleep(time.nanos() - began);
            }
        }
    }
}
