package io.migratekit.volume.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * One connection of a pool, kept for who must never wait for others to give theirs back, and taken anew when it is broken.
 * For one thread at a time.
 */
public final class OwnConnection extends AbstractDataSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnConnection.class);
    private static final int CHECK_SECONDS = 2;

    private final DataSource pool;
    private @Nullable SingleConnectionDataSource own; // guarded by this

    private OwnConnection(DataSource pool) {
        this.pool = pool;
    }

    /**
     * Takes it, while nobody is in the way yet.
     *
     * @throws DataAccessResourceFailureException if there is none to be had
     */
    public static OwnConnection of(DataSource pool) {
        OwnConnection connection = new OwnConnection(pool);
        try {
            connection.getConnection().clearWarnings();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw new DataAccessResourceFailureException("no connection to the database can be had", e);
        }
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
        SingleConnectionDataSource kept = own;
        if (kept != null && !kept.getConnection().isValid(CHECK_SECONDS)) {
            close();
            kept = null;
        }
        if (kept == null) {
            kept = new SingleConnectionDataSource(pool.getConnection(), true);
            own = kept;
        }
        return kept.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLException("a connection of the pool has the pool's user");
    }

    /** Gives the connection back; asking again takes another one. */
    @Override
    public synchronized void close() {
        SingleConnectionDataSource kept = own;
        own = null;
        if (kept != null) {
            kept.destroy();
            LOG.debug("a connection that was kept goes back to its pool");
        }
    }
}
