package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.time.SystemTime;

/** The kit on a real server; a bucket of its own for each test, which is wiped by being emptied. */
abstract class S3Conformance extends ProviderConformance {
    static final FailureDomain DOMAIN = new FailureDomain("test", "here", "s3");

    private String bucket = "";

    abstract Server server();

    abstract Owner owner();

    private Provider openHere() {
        return S3Provider.open("a", server().settings(bucket, "kv"), DOMAIN, new SystemTime());
    }

    @Override
    protected Provider open() {
        bucket = Server.freshBucket();
        owner().makeBucket(bucket);
        return openHere();
    }

    @Override
    protected Provider reopen() {
        provider.close();
        return openHere();
    }

    @Override
    protected void wipe() {
        owner().empty(bucket);
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) {
        owner().damage(bucket, "kv/" + IDENTITY.id() + "/record/" + namespace + "/" + KeyPath.of(key.bytes()) + ".");
    }

    @Override
    protected int randomRuns() {
        return 2;
    }
}
