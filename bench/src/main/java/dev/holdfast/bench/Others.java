package dev.holdfast.bench;

import dev.holdfast.bench.Entrance.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What users would pick instead, on the same work: the value of a key, after a check of who asks.
 *
 * @param launcher the file that starts Holdfast
 * @param wanted ids of what is measured
 * @param pipeline commands sent at once to Redis where it is pipelined
 */
record Others(Path launcher, List<String> wanted, int keys, int valueBytes, int connections, int pipeline) {
    private static final String TITLE = "bench";
    private static final String OURS = "holdfast-http1";
    private static final String OURS_HTTP2 = "holdfast-h2c";
    private static final String OURS_PIPELINED = "holdfast-pipelined";
    private static final String MINIFLARE = "miniflare";
    private static final String ETCD_HTTP = "etcd-http";
    private static final String ETCD_GRPC = "etcd-grpc";
    private static final String ETCD_GRPC_LOCAL = "etcd-grpc-serializable";
    private static final String REDIS = "redis";
    private static final String REDIS_PIPELINED = "redis-pipelined";

    /** What can be measured, in the order of a round. */
    static final List<String> IDS = List.of(
            OURS, MINIFLARE, ETCD_HTTP, OURS_HTTP2, ETCD_GRPC, ETCD_GRPC_LOCAL, REDIS, OURS_PIPELINED, REDIS_PIPELINED);

    private static final List<Ratio> RATIOS = List.of(
            new Ratio("Holdfast over HTTP/1.1 / Miniflare KV", OURS, List.of(MINIFLARE), 0),
            new Ratio("Holdfast over HTTP/1.1 / etcd by its HTTP gateway", OURS, List.of(ETCD_HTTP), 0),
            new Ratio("Holdfast over HTTP/2 / etcd by gRPC", OURS_HTTP2, List.of(ETCD_GRPC), 0),
            new Ratio("Holdfast over HTTP/2 / etcd by gRPC, serializable", OURS_HTTP2, List.of(ETCD_GRPC_LOCAL), 0),
            new Ratio("Holdfast over HTTP/1.1 / Redis", OURS, List.of(REDIS), 0),
            new Ratio(
                    "Holdfast over HTTP/1.1 pipelined / Redis pipelined", OURS_PIPELINED, List.of(REDIS_PIPELINED), 0));

    private boolean wants(String... ids) {
        return Stream.of(ids).anyMatch(wanted::contains);
    }

    List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        if (wants(OURS, OURS_PIPELINED, MINIFLARE, ETCD_HTTP)) {
            tools.add(Tool.WRK);
        }
        if (wants(OURS_HTTP2, ETCD_GRPC, ETCD_GRPC_LOCAL)) {
            tools.addAll(List.of(Tool.H2LOAD, Tool.NGHTTP));
        }
        if (wants(ETCD_HTTP, ETCD_GRPC, ETCD_GRPC_LOCAL)) {
            tools.add(Tool.ETCD);
        }
        if (wants(REDIS, REDIS_PIPELINED)) {
            tools.addAll(List.of(Tool.REDIS, Tool.REDIS_BENCHMARK));
        }
        return tools;
    }

    Lineup start(Path folder, Belongings belongings) throws IOException, InterruptedException {
        Load load = Load.draw(keys, valueBytes);
        load.write(folder);
        List<Case> cases = new ArrayList<>();
        if (wants(MINIFLARE)) {
            cases.add(Miniflare.start(folder, load, belongings).measured(MINIFLARE, connections));
        }
        if (wants(ETCD_HTTP, ETCD_GRPC, ETCD_GRPC_LOCAL)) {
            etcd(Etcd.start(folder, load, belongings), cases);
        }
        if (wants(REDIS, REDIS_PIPELINED)) {
            Redis redis = Redis.start(folder, load, belongings);
            cases.add(redis.measured(REDIS, "RESP", connections, 1));
            cases.add(redis.measured(REDIS_PIPELINED, "RESP, " + pipeline + " at once", connections, pipeline));
        }
        if (wants(OURS, OURS_PIPELINED, OURS_HTTP2)) {
            ours(folder, load, belongings, cases);
        }
        return new Lineup(cases, RATIOS)
                .only(IDS.stream().filter(wanted::contains).toList());
    }

    private void etcd(Etcd etcd, List<Case> cases) throws IOException, InterruptedException {
        if (wants(ETCD_HTTP)) {
            cases.add(etcd.byHttp(ETCD_HTTP, connections));
        }
        if (wants(ETCD_GRPC)) {
            cases.add(etcd.byGrpc(ETCD_GRPC, false, connections));
        }
        if (wants(ETCD_GRPC_LOCAL)) {
            cases.add(etcd.byGrpc(ETCD_GRPC_LOCAL, true, connections));
        }
    }

    private void ours(Path folder, Load load, Belongings belongings, List<Case> cases)
            throws IOException, InterruptedException {
        Stage stage = Stage.start(launcher, Files.createDirectories(folder.resolve("plain")), null, belongings);
        Room room = stage.room(TITLE, load);
        Site site = stage.hot("binding", TITLE, load, Entrance.BINDING, room);
        ours(stage, site, OURS, Protocol.HTTP1, 1, Protocol.HTTP1.title(), cases);
        ours(stage, site, OURS_HTTP2, Protocol.H2C, 1, Protocol.H2C.title(), cases);
        ours(stage, site, OURS_PIPELINED, Protocol.PIPELINED, pipeline, "HTTP/1.1, " + pipeline + " at once", cases);
    }

    private void ours(
            Stage stage, Site site, String id, Protocol protocol, int depth, String operation, List<Case> cases)
            throws IOException {
        if (wants(id)) {
            Case.Measured measured = stage.measured(stage.itself(), site, protocol, connections, depth);
            cases.add(new Case(
                    id, "Holdfast", operation, seconds -> stage.holdfast().near(measured, seconds)));
        }
    }
}
