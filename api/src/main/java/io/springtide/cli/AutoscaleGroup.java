package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide autoscale}: how many instances apps are to have as their load changes. */
@Command(name = "autoscale", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Let policies decide how many instances apps have.", //
        footer = {
                "",
                "Examples:",
                "  tide autoscale set /shop/web --min 4 --max 200 --requests 150",
                "  tide autoscale show /shop/web --watch",
                "  tide autoscale explain /shop/web",
                "  tide autoscale simulate /shop/web --series sale.csv --svg sale.svg",
                "  tide autoscale remove /shop/web"
        })
final class AutoscaleGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide autoscale' needs a command.",
                "One of: set, show, explain, simulate, remove. See: tide autoscale --help");
    }

    /** Where an app's policy is. */
    static String path(String app) {
        return "/v2/apps" + io.springtide.api.client.TideClient.appPath(app) + "/autoscaling";
    }
}
