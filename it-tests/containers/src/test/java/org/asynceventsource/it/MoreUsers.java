package org.asynceventsource.it;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestHash;

/**
 * Adds the application's beans to the users that the container's system property names, and where
 * the container comes with a database, also that, with the user dave in it. Before any listener,
 * since that is when settings are read; until the application stops, since others have no beans.
 */
public class MoreUsers implements ServletContainerInitializer, ServletContextListener {

  private static final String SETTING = "eventsource.users";
  private static final String DATABASE = "java:jboss/datasources/ExampleDS";

  private String before;

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    before = System.getProperty(SETTING);
    System.setProperty(SETTING, before + ",beans:" + database());
    context.addListener(this);
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    System.setProperty(SETTING, before);
  }

  @SuppressWarnings("BanJNDI") // A constant name.
  private static String database() {
    try {
      DataSource source = (DataSource) new InitialContext().lookup(DATABASE);
      fill(source);
      return ",jdbc:" + DATABASE;
    } catch (NamingException none) {
      return "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fill(DataSource source) throws SQLException {
    String hash = DigestHash.generateHash("dave", "eventsource", "secret", DigestAlgorithm.SHA_256);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table event_source_users (name varchar(100), realm varchar(100),"
              + " algorithm varchar(20), hash varchar(100))");
      statement.execute(
          "create table event_source_groups (name varchar(100), group_name varchar(100))");
      statement.execute(
          "insert into event_source_users values ('dave', 'eventsource', 'SHA-256', '%s')"
              .formatted(hash));
    }
  }
}
