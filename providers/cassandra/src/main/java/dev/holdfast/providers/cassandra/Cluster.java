package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A cluster that has let us in, with what was prepared there. Thread-safe. */
final class Cluster {
    private final CqlSession session;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
    final Tables tables;
    /** Which of the credentials was accepted; -1 when none is needed. */
    final int credential;

    Cluster(CqlSession session, Tables tables, int credential) {
        this.session = session;
        this.tables = tables;
        this.credential = credential;
    }

    BoundStatement bind(String cql, @Nullable Object... values) throws ProviderFault {
        PreparedStatement statement = prepared.get(cql);
        if (statement == null) {
            statement = Faults.await(session.prepareAsync(cql));
            prepared.put(cql, statement);
        }
        return statement.bind(values);
    }

    /** Sends a statement without waiting for its answer. */
    CompletionStage<AsyncResultSet> send(Statement<?> statement) {
        return session.executeAsync(statement);
    }

    CompletionStage<AsyncResultSet> send(String cql, @Nullable Object... values) throws ProviderFault {
        return send(bind(cql, values));
    }

    AsyncResultSet run(Statement<?> statement) throws ProviderFault {
        return Faults.await(send(statement));
    }

    AsyncResultSet run(String cql, @Nullable Object... values) throws ProviderFault {
        return run(bind(cql, values));
    }

    /** All rows, however many pages they come in. */
    List<Row> rows(String cql, @Nullable Object... values) throws ProviderFault {
        return all(run(cql, values));
    }

    static List<Row> all(AsyncResultSet first) throws ProviderFault {
        List<Row> rows = new ArrayList<>();
        AsyncResultSet page = first;
        page.currentPage().forEach(rows::add);
        while (page.hasMorePages()) {
            page = Faults.await(page.fetchNextPage());
            page.currentPage().forEach(rows::add);
        }
        return rows;
    }

    /** Takes nothing new, and lets end what is under way. */
    void retire() {
        session.closeAsync();
    }

    void close() {
        session.forceCloseAsync();
    }
}
