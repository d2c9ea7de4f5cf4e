using System;
using System.Text;
using Simulation.Machine;

namespace Simulation.Outside;

/// <summary>
/// The way of webhooks to the user, on which they are lost, late, repeated, and damaged, and on which an attacker sends old and forged ones. Its faults do not
/// end, because nobody promises that a webhook arrives.
/// </summary>
internal sealed class WebhookRoute(World world, Settings settings)
{
    private Process? _listener;
    private Action<Webhook>? _receive;

    private enum Fault
    {
        None,
        Lost,
        Late,
        Repeated,
        Replayed,
        BodyDamaged,
        SignatureDamaged,
        Forged,
    }

    /// <summary>Makes a process receive the webhooks until it ends. Webhooks that arrive while no process receives them are lost.</summary>
    public void Listen(Process process, Action<Webhook> receive) => (_listener, _receive) = (process, receive);

    public void Send(Webhook webhook, ServiceJob job)
    {
        Fault fault = settings.WebhookTrouble > 0 && world.Dice.Is(settings.WebhookTrouble) ? (Fault)world.Dice.Between(1, (int)Fault.Forged) : Fault.None;
        world.Tell($"the service sends the webhook '{webhook.Event}' of job {job.Id[..8]}{(fault == Fault.None ? string.Empty : $" ({fault})")}");
        switch (fault)
        {
            case Fault.Lost:
                break;
            case Fault.Late:
                Deliver(webhook, Later());
                break;
            case Fault.Repeated:
                TimeSpan first = Latency();
                Deliver(webhook, first);
                Deliver(webhook, world.Dice.Is(0.5) ? first : Latency());
                break;
            case Fault.Replayed:
                Deliver(webhook, Latency());
                Deliver(webhook, Later());
                break;
            case Fault.BodyDamaged:
                Deliver(webhook with { Body = Damaged(webhook.Body), IsGenuine = false }, Latency());
                break;
            case Fault.SignatureDamaged:
                Deliver(webhook with { Signature = Damaged(webhook.Signature!), IsGenuine = false }, Latency());
                break;
            case Fault.Forged:
                Deliver(Forged(webhook, job), Latency());
                Deliver(webhook, Latency());
                break;
            default:
                Deliver(webhook, Latency());
                break;
        }
    }

    private void Deliver(Webhook webhook, TimeSpan delay) => world.After(delay, null, () =>
    {
        if (_listener is { IsAlive: true } listener)
        {
            world.Post(listener, () => _receive!(webhook));
        }
    });

    /// <summary>Returns a body with one byte changed, without its end, or with one more byte.</summary>
    private byte[] Damaged(byte[] body)
    {
        switch (world.Dice.Next(3))
        {
            case 0:
                byte[] changed = [.. body];
                changed[world.Dice.Next(body.Length)] ^= (byte)world.Dice.Between(1, 255);
                return changed;
            case 1:
                return body[..world.Dice.Next(body.Length)];
            default:
                return [.. body, (byte)' '];
        }
    }

    /// <summary>Returns a signature with one digit changed, without its end, or none.</summary>
    private string? Damaged(string signature)
    {
        int at = world.Dice.Between("sha256=".Length, signature.Length - 1);
        return world.Dice.Next(3) switch
        {
            0 => $"{signature[..at]}{(signature[at] == '0' ? '1' : '0')}{signature[(at + 1)..]}",
            1 => signature[..at],
            _ => null,
        };
    }

    /// <summary>Returns a webhook with another image for the job, with a signature of another key, with the signature of another body, or without one.</summary>
    private Webhook Forged(Webhook genuine, ServiceJob job)
    {
        string body = $$"""{"event":"completed","jobId":"{{job.Id}}","status":"COMPLETED","result":"https://cdn.sim.example/forged.png"}""";
        return world.Dice.Next(3) switch
        {
            0 => Webhook.Signed("completed", body, $"afk_{world.Dice.NextBits():x16}", settings.SignsWithText, isGenuine: false),
            1 => new Webhook("completed", Encoding.UTF8.GetBytes(body), genuine.Signature, IsGenuine: false),
            _ => new Webhook("completed", Encoding.UTF8.GetBytes(body), Signature: null, IsGenuine: false),
        };
    }

    private TimeSpan Latency() => world.Dice.Time(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(3));

    private TimeSpan Later() => world.Dice.Time(TimeSpan.FromSeconds(10), TimeSpan.FromHours(30));
}
