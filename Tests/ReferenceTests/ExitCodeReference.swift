@testable import weir

/// `docs/reference/exit-codes.md`: how the program ends.
enum ExitCodeReference {
    static var text: String {
        """
        # Exit codes

        \(Markdown.wrapped("""
            The numbers from 64 on are those of sysexits.h. The numbers from 1 to 3 tell how a run ended, and only `weir start --wait`, \
            `weir rerun --wait` and `weir backfill` exit with them.
            """))

        \(Markdown.table(["Code", "Name", "Meaning", "Next step"], ExitStatus.allCases.map { status in
            ["`\(status.rawValue)`", status.symbol.map(Markdown.code) ?? "", status.meaning, status.advice]
        }))

        `weir backfill` exits with the code of its worst run, and with 75 when it is interrupted. `weir check` exits with 65 when it finds
        something wrong and does not repair it. A 409 of the API is 75 when it has `Retry-After`, else 65. A secret that could not be shown
        does not take effect (74).

        A reader that closes the pipe early, such as `weir runs | head`, is no error: the program exits with 0.

        In a script:

        ```text
        weir start cg-daily --wait --json > run.json
        case $? in
          0) echo "succeeded" ;;
          1) echo "failed: change the configuration or its data" ;;
          2) echo "failed: run it again later" ;;
          3) echo "stopped" ;;
          69|75) echo "the service did not answer: try again" ;;
          *) echo "not started" ;;
        esac
        ```

        """
    }
}
