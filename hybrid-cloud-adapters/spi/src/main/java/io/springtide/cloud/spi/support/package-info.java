/** What drivers of load balancers have in common: words, settings, addresses, attempts, answers, rates. */
@NullMarked
package io.springtide.cloud.spi.support;

import org.jspecify.annotations.NullMarked;
