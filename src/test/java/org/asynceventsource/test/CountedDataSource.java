package org.asynceventsource.test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database of which a test wants to know what it was asked, and that it can take away. */
public final class CountedDataSource {

  private final DataSource source;
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final List<Integer> timeouts = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean away;

  private CountedDataSource(DataSource database) {
    source =
        proxy(
            DataSource.class,
            (proxy, method, arguments) -> {
              Object result = call(database, method, arguments);
              return result instanceof Connection connection ? watched(connection) : result;
            });
  }

  /**
   * Watches a database.
   *
   * @param database what to ask
   * @return what counts
   */
  public static CountedDataSource of(DataSource database) {
    return new CountedDataSource(database);
  }

  /**
   * What code under test gets.
   *
   * @return the data source
   */
  public DataSource source() {
    return source;
  }

  /**
   * Takes the database away, or brings it back.
   *
   * @param away whether it fails from now on, with a message that nobody is to see
   */
  public void setAway(boolean away) {
    this.away = away;
  }

  /**
   * How often a connection was asked for, in vain too.
   *
   * @return since the test began
   */
  public int asked() {
    return asked.get();
  }

  /**
   * What was asked since the last call.
   *
   * @return the texts of the statements, in order
   */
  public List<String> queries() {
    List<String> asked = List.copyOf(queries);
    queries.clear();
    return asked;
  }

  /**
   * How long statements might have taken.
   *
   * @return seconds, in order
   */
  public List<Integer> timeouts() {
    return List.copyOf(timeouts);
  }

  private Connection watched(Connection connection) throws SQLException {
    asked.incrementAndGet();
    if (away) {
      connection.close();
      throw new SQLException("connection refused for alice with hunter2", "08001");
    }
    return proxy(
        Connection.class,
        (proxy, method, arguments) -> {
          Object result = call(connection, method, arguments);
          if (result instanceof PreparedStatement statement) {
            queries.add((String) arguments[0]);
            return watched(statement);
          }
          return result;
        });
  }

  private PreparedStatement watched(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("setQueryTimeout")) {
            timeouts.add((Integer) arguments[0]);
          }
          return call(statement, method, arguments);
        });
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            CountedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
