package io.springtide.bench.sim;
public final class Trial {
    public static void main(String[] a) {
        System.setProperty("logback.configurationFile", "sim-logback.xml");
        long from = Long.parseLong(a[0]); int n = Integer.parseInt(a[1]); int agents = Integer.parseInt(a[2]); int minutes = Integer.parseInt(a[3]);
        long t0=System.nanoTime(); long sim=0, ev=0; int bad=0; java.util.Map<String,Integer> by=new java.util.TreeMap<>();
        for (long s=from;s<from+n;s++) {
            long t1=System.nanoTime();
            RunResult r = new World(Options.draw(s, minutes, agents), new Seams()).run();
            sim+=r.simulatedNanos(); ev+=r.things();
            if (n<=5||a.length>4) System.out.printf("seed %d agents %d ev %d facts %d reigns %d snaps %d acks %d conv %d ms trace %x wall %d ms%n", s, r.options().agents(), r.things(), r.facts(), r.reigns(), r.snapshots(), r.acknowledged(), r.convergedMs(), r.trace(), (System.nanoTime()-t1)/1000000);
            if (r.violation().isPresent()) { bad++; String m=r.violation().get().getMessage(); by.merge(r.violation().get().invariant().id(),1,Integer::sum); System.out.println("FAIL "+s+" "+m.substring(0,Math.min(m.length(),3000))); if (n<=5) { System.out.println(r.options().line()); r.violation().get().printStackTrace(System.out);} }
        }
        double wall=(System.nanoTime()-t0)/1e9;
        System.out.printf("%d runs, %d bad %s, %.1f s, ratio %.0f, %.2f M things/s%n", n, bad, by, wall, sim/1e9/wall, ev/1e6/wall);
    }
}
