/**
 * Payara Micro as an Arquillian container, in a process of its own.
 *
 * <p>Published adapters restart it for each deployment, so that no test could redeploy.
 */
@NullMarked
package org.asynceventsource.it.payaramicro;

import org.jspecify.annotations.NullMarked;
