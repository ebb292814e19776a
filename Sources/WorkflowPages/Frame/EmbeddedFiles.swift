/// The files of `Assets` and `Templates`, which the build puts into the program.
enum EmbeddedFiles {
    static let assets: [(String, [UInt8])] = [
        ("weir.css", PackageResources.weir_css), ("weir.js", PackageResources.weir_js), ("dialogs.js", PackageResources.dialogs_js),
        ("live.js", PackageResources.live_js), ("logs.js", PackageResources.logs_js), ("times.js", PackageResources.times_js),
        ("weir.svg", PackageResources.weir_svg),
    ]

    static let templates: [(String, String)] = [
        ("layout", text(PackageResources.layout_mustache)), ("symbols", text(PackageResources.symbols_mustache)),
        ("state", text(PackageResources.state_mustache)), ("time", text(PackageResources.time_mustache)),
        ("runtime", text(PackageResources.runtime_mustache)), ("history", text(PackageResources.history_mustache)),
        ("total", text(PackageResources.total_mustache)), ("newer", text(PackageResources.newer_mustache)),
        ("run_row", text(PackageResources.run_row_mustache)), ("run", text(PackageResources.run_mustache)),
        ("run_actions", text(PackageResources.run_actions_mustache)), ("run_summary", text(PackageResources.run_summary_mustache)),
        ("timeline", text(PackageResources.timeline_mustache)), ("tasks", text(PackageResources.tasks_mustache)),
        ("task", text(PackageResources.task_mustache)), ("task_details", text(PackageResources.task_details_mustache)),
        ("log", text(PackageResources.log_mustache)), ("stop", text(PackageResources.stop_mustache)),
        ("coming_ticks", text(PackageResources.coming_ticks_mustache)), ("past_ticks", text(PackageResources.past_ticks_mustache)),
        ("configs", text(PackageResources.configs_mustache)), ("config_row", text(PackageResources.config_row_mustache)),
        ("schedule", text(PackageResources.schedule_mustache)),
        ("run_now", text(PackageResources.run_now_mustache)), ("keys", text(PackageResources.keys_mustache)),
        ("new_key", text(PackageResources.new_key_mustache)), ("secret", text(PackageResources.secret_mustache)),
        ("confirm", text(PackageResources.confirm_mustache)), ("sign_in", text(PackageResources.sign_in_mustache)),
        ("alerts", text(PackageResources.alerts_mustache)),
        ("fault", text(PackageResources.fault_mustache)), ("rerun", text(PackageResources.rerun_mustache)),
        ("compare", text(PackageResources.compare_mustache)), ("diff", text(PackageResources.diff_mustache)),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
