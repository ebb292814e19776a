/// The files of `Assets` and `Templates`, embedded by the build.
enum EmbeddedFiles {
    static let assets: [(String, [UInt8])] = [
        ("weir.css", PackageResources.weir_css), ("weir.js", PackageResources.weir_js), ("dialogs.js", PackageResources.dialogs_js),
        ("live.js", PackageResources.live_js), ("logs.js", PackageResources.logs_js), ("search.js", PackageResources.search_js),
        ("times.js", PackageResources.times_js),
        ("weir.svg", PackageResources.weir_svg),
    ]

    static let templates: [(String, String)] = [
        ("layout", text(PackageResources.layout_mustache)), ("symbols", text(PackageResources.symbols_mustache)),
        ("state", text(PackageResources.state_mustache)), ("time", text(PackageResources.time_mustache)),
        ("runtime", text(PackageResources.runtime_mustache)), ("history", text(PackageResources.history_mustache)),
        ("views_bar", text(PackageResources.views_bar_mustache)), ("search_box", text(PackageResources.search_box_mustache)),
        ("failure_line", text(PackageResources.failure_line_mustache)),
        ("filter_panel", text(PackageResources.filter_panel_mustache)),
        ("window_choices", text(PackageResources.window_choices_mustache)),
        ("more_filters", text(PackageResources.more_filters_mustache)), ("chart", text(PackageResources.chart_mustache)),
        ("run_place", text(PackageResources.run_place_mustache)), ("views", text(PackageResources.views_mustache)),
        ("new_view", text(PackageResources.new_view_mustache)),
        ("total", text(PackageResources.total_mustache)), ("newer", text(PackageResources.newer_mustache)),
        ("run_row", text(PackageResources.run_row_mustache)), ("run", text(PackageResources.run_mustache)),
        ("run_actions", text(PackageResources.run_actions_mustache)), ("run_summary", text(PackageResources.run_summary_mustache)),
        ("run_facts", text(PackageResources.run_facts_mustache)), ("stage", text(PackageResources.stage_mustache)),
        ("task_filters", text(PackageResources.task_filters_mustache)), ("task_row", text(PackageResources.task_row_mustache)),
        ("tasks_note", text(PackageResources.tasks_note_mustache)), ("group_note", text(PackageResources.group_note_mustache)),
        ("timeline_scale", text(PackageResources.timeline_scale_mustache)),
        ("timeline_row", text(PackageResources.timeline_row_mustache)),
        ("timeline_note", text(PackageResources.timeline_note_mustache)), ("value", text(PackageResources.value_mustache)),
        ("stop_note", text(PackageResources.stop_note_mustache)),
        ("task", text(PackageResources.task_mustache)), ("task_details", text(PackageResources.task_details_mustache)),
        ("log", text(PackageResources.log_mustache)), ("stop", text(PackageResources.stop_mustache)),
        ("coming_ticks", text(PackageResources.coming_ticks_mustache)), ("past_ticks", text(PackageResources.past_ticks_mustache)),
        ("configs", text(PackageResources.configs_mustache)), ("config_row", text(PackageResources.config_row_mustache)),
        ("schedule", text(PackageResources.schedule_mustache)),
        ("run_now", text(PackageResources.run_now_mustache)), ("keys", text(PackageResources.keys_mustache)),
        ("new_key", text(PackageResources.new_key_mustache)), ("secret", text(PackageResources.secret_mustache)),
        ("get_token", text(PackageResources.get_token_mustache)), ("token", text(PackageResources.token_mustache)),
        ("confirm", text(PackageResources.confirm_mustache)), ("sign_in", text(PackageResources.sign_in_mustache)),
        ("alerts", text(PackageResources.alerts_mustache)), ("audit", text(PackageResources.audit_mustache)),
        ("fault", text(PackageResources.fault_mustache)), ("rerun", text(PackageResources.rerun_mustache)),
        ("compare", text(PackageResources.compare_mustache)), ("diff", text(PackageResources.diff_mustache)),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
