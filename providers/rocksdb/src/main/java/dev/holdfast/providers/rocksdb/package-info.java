/** The embedded default provider: one RocksDB database in one directory. */
@NullMarked
package dev.holdfast.providers.rocksdb;

import org.jspecify.annotations.NullMarked;
