/**
 * What must hold in every container; the same classes run in each.
 *
 * <p>The deployment is the WAR as built, in some tests with settings or classes of an
 * application's. Methods without {@code @RunAsClient} run inside the container, in the web
 * application; only JUnit and the test class itself are there with them.
 */
@NullMarked
package org.asynceventsource.it;

import org.jspecify.annotations.NullMarked;
