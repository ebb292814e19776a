import ArgumentParser
import Testing
import WorkflowModel

@testable import weir

@Suite("Leases and graces")
struct LeaseTermsTests {
    /// In seconds; nil for the default.
    private func terms(_ lease: Int?, _ grace: Int?, isShared: Bool = true) throws -> [Int64] {
        let terms = try LeaseTerms(
            lease: lease.map { .seconds($0) }, grace: grace.map { .seconds($0) }, isShared: isShared)
        return [terms.lease.milliseconds / 1_000, terms.grace.milliseconds / 1_000]
    }

    @Test func defaultsFitTheGivenValue() throws {
        #expect(try terms(nil, nil) == [30, 10])
        #expect(try terms(6, nil) == [6, 2])
        #expect(try terms(300, nil) == [300, 10])
        #expect(try terms(nil, 60) == [120, 60])
        #expect(try terms(nil, 1) == [30, 1])
    }

    @Test func aLeaseTooShortForItsGraceIsRefusedWithFittingValues() throws {
        #expect(try terms(15, 10) == [15, 10])
        for (lease, grace) in [(14, 10), (6, 10), (1, 1)] {
            let error = #expect(throws: ValidationError.self) { try terms(lease, grace) }
            let message = error?.message ?? ""
            #expect(message.hasPrefix("The lease of \(lease)s is too short for a grace of \(grace)s:"))
            #expect(message.contains("a --lease of \(grace == 1 ? "1500ms" : "15s") or more"))
        }
        // A lease lasts an hour at most.
        let error = #expect(throws: ValidationError.self) { try terms(nil, 3_000) }
        #expect(error?.message.hasSuffix("Use a --grace of 2400s or less.") == true)
        #expect(try terms(nil, 2_400) == [3_600, 2_400])
    }

    @Test func leaseAndGraceAreIndependentOnAnUnsharedStore() throws {
        #expect(try terms(6, 600, isShared: false) == [6, 600])
        #expect(try terms(nil, nil, isShared: false) == [30, 10])
    }
}
