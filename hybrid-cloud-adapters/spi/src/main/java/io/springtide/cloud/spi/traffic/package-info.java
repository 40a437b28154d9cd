/** What an adapter to a load balancer implements, so that traffic goes only where it is served. */
@NullMarked
package io.springtide.cloud.spi.traffic;

import org.jspecify.annotations.NullMarked;
