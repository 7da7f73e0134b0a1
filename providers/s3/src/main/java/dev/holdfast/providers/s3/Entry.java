package dev.holdfast.providers.s3;

/** A record as a listing shows it. */
record Entry(String object, Label label, long size, boolean attested) {

    /** @throws IllegalArgumentException when the object holds no record */
    static Entry of(Bucket.Listed listed) {
        String name = listed.name();
        Label label = Label.parse(name.substring(name.lastIndexOf(KeyPath.END) + 1));
        return new Entry(name, label, listed.size(), label.attestedBy(listed.size(), listed.entityTag()));
    }
}
