package io.springtide.bench.flash;

/**
 * The cluster at one moment of a sale.
 *
 * @param atS seconds after the load began
 * @param wanted instances that are to serve
 * @param serving instances that traffic goes to
 * @param standby instances that are frozen
 */
record Moment(double atS, int wanted, int serving, int standby) {}
