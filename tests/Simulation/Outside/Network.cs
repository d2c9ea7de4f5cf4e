using System;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Simulation.Machine;

namespace Simulation.Outside;

/// <summary>
/// The network between a process and its hosts, which delays, loses, repeats, reorders, and cuts requests and responses.
/// </summary>
internal sealed class Network(World world, Settings settings, Service service, Process process, Action<Call> watch) : HttpMessageHandler
{
    private enum Fault
    {
        None,
        ConnectionRefused,
        RequestLost,
        RequestSwallowed,
        AnswerLost,
        AnswerSwallowed,
        RequestLate,
        RequestRepeated,
        AnswerCut,
        RateLimit,
        RateLimitWithTime,
        ServerError,
        GatewayErrorAfterTheRequest,
        PageInsteadOfTheAnswer,
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Like the handler of .NET, a canceled call sends nothing.
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        var call = new Call(request);
        process.Step();
        var answer = new System.Threading.Tasks.TaskCompletionSource<HttpResponseMessage>();
        if (process.IsAlive)
        {
            watch(call);
            cancellationToken.Register(() => World.Outside(() => answer.TrySetCanceled(cancellationToken)));
            Fault fault = settings.Trouble > 0 && world.Dice.Is(settings.Trouble) ? (Fault)world.Dice.Between(1, (int)Fault.PageInsteadOfTheAnswer) : Fault.None;
            world.Tell($"sends {call}{(fault == Fault.None ? string.Empty : $" ({fault})")}");
            Send(call, fault, reply => Answer(answer, () => reply.ToResponse(request)), e => Answer(answer, () => throw e));
        }

        return answer.Task;
    }

    private void Send(Call call, Fault fault, Action<Reply> answer, Action<Exception> fail)
    {
        switch (fault)
        {
            case Fault.ConnectionRefused:
                world.After(Latency(), process, () => fail(new HttpRequestException("Connection refused", new SocketException((int)SocketError.ConnectionRefused))));
                break;
            case Fault.RequestLost:
                world.After(Latency(), process, () => fail(Reset()));
                break;
            case Fault.RequestSwallowed:
                break;
            case Fault.AnswerLost:
                Deliver(call, Latency(), _ => world.After(Latency(), process, () => fail(Reset())));
                break;
            case Fault.AnswerSwallowed:
                Deliver(call, Latency(), _ => { });
                break;
            case Fault.RequestLate:
                Deliver(call, TimeSpan.FromSeconds(world.Dice.Between(50, 110)), answer);
                break;
            case Fault.RequestRepeated:
                TimeSpan first = Latency();
                Deliver(call, first, answer);
                Deliver(call, first + Latency(), _ => { });
                break;
            case Fault.AnswerCut:
                Deliver(call, Latency(), reply => answer(reply with { Cut = world.Dice.Next(reply.Body.Length + 1) }));
                break;
            case Fault.RateLimit:
                world.After(Latency(), process, () => answer(Reply.Json(429, """{"error":"Too many requests"}""")));
                break;
            case Fault.RateLimitWithTime:
                Reply limit = Reply.Json(429, """{"error":"Too many requests"}""") with { RetryAfter = TimeSpan.FromSeconds(world.Dice.Between(0, 40)) };
                world.After(Latency(), process, () => answer(limit));
                break;
            case Fault.ServerError:
                int status = world.Dice.Pick<int>([500, 502, 503, 504]);
                world.After(Latency(), process, () => answer(Reply.Json(status, """{"error":"Something went wrong"}""")));
                break;
            case Fault.GatewayErrorAfterTheRequest:
                Deliver(call, Latency(), _ => answer(Reply.Page(world.Dice.Pick<int>([502, 504]), "Bad gateway")));
                break;
            case Fault.PageInsteadOfTheAnswer:
                Deliver(call, Latency(), _ => answer(Reply.Page(200, "Sign in to the network")));
                break;
            default:
                Deliver(call, Latency(), answer);
                break;
        }
    }

    private void Deliver(Call call, TimeSpan delay, Action<Reply> answer) => world.After(delay, null, () =>
    {
        Reply reply = call.Url.Host == "cdn.sim.example" ? service.Download(call.Url, call.From, call.IfRange) : service.Handle(call);
        world.After(Latency(), process, () => answer(reply));
    });

    private void Answer(System.Threading.Tasks.TaskCompletionSource<HttpResponseMessage> answer, Func<HttpResponseMessage> make)
    {
        if (answer.Task.IsCompleted)
        {
            return;
        }

        World.Outside(() =>
        {
            try
            {
                HttpResponseMessage response = make();
                world.Tell($"gets {(int)response.StatusCode}");
                answer.SetResult(response);
            }
            catch (HttpRequestException e)
            {
                world.Tell($"gets no answer: {e.Message}");
                answer.SetException(e);
            }
        });
    }

    private TimeSpan Latency() => world.Dice.Time(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(3));

    private static HttpRequestException Reset() =>
        new("An error occurred while sending the request", new IOException("Connection reset by peer", new SocketException((int)SocketError.ConnectionReset)));
}
