package dev.holdfast.engine.replication;

import java.util.List;

/**
 * One comparison pass, under way or ended. The store's own records are compared as well and not counted: a provider that was away
 * always differs in the marks that say so.
 *
 * @param providers names of those compared with one another
 * @param compared keys looked at so far
 * @param divergent those that differed, on a second look too
 * @param repaired those of the divergent that were then seen to be the same everywhere
 * @param requests pages of rows and digests of ranges that were asked for in the search for differences
 * @param bytesRead about how many bytes came for them
 * @param begunAt milliseconds since the Unix epoch
 * @param endedAt milliseconds since the Unix epoch; 0 while under way
 * @param complete whether it has seen every key of these providers and left no difference; one that could not ends early
 */
public record ComparisonPass(
        List<String> providers,
        long compared,
        long divergent,
        long repaired,
        long requests,
        long bytesRead,
        long begunAt,
        long endedAt,
        boolean complete) {}
