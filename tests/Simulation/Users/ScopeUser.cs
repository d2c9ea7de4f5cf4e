using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Simulation.Users;

/// <summary>Runs the same batch under an idempotency scope, within the time for which the service knows its keys.</summary>
internal sealed class ScopeUser(Batch batch) : User(batch)
{
    public override string Name => "scope";

    public override async Task<bool> RunAsync(Session session)
    {
        var scope = new IdempotencyScope("batch");
        bool[] saved = await Task.WhenAll(Batch.Requests.Select(image =>
        {
            SubmitRequest request = scope.Claim(image);
            return session.TryAsync(
                async () => await session.SaveAsync(await session.Client.SubmitAsync(request, session.Stop), Batch.Images, ExistingFile.Keep),
                e => Excuse(image, e));
        }));
        return saved.All(one => one);
    }
}
