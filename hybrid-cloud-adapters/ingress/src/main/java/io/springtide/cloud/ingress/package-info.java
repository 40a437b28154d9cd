/** The embedded load balancer, and how it is driven. */
@NullMarked
package io.springtide.cloud.ingress;

import org.jspecify.annotations.NullMarked;
