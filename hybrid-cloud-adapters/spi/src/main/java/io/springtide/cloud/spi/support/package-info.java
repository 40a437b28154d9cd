/** What drivers of load balancers have in common: when to work, when to try again, rates from counters. */
@NullMarked
package io.springtide.cloud.spi.support;

import org.jspecify.annotations.NullMarked;
